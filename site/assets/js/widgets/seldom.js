/** What few shoppers have reason to see on whichever page, loaded where there may be one: shop.js says when. */

import "./unkept.js";
import "./unpaid-bar.js";
