/** A village: what of its goods is left, and where its year stands. */

import "../../widgets/shelf.js";
import "../../widgets/this-month.js";
