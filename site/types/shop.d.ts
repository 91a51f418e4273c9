/**
 * What the modules in site/assets/js speak of, for their JSDoc. Whatever the shop answers comes from openapi.d.ts, which
 * `make types` makes of functions/openapi.yaml; the rest is what a browser keeps or fetches from the site itself.
 */

type Operations = import("./openapi").operations;
type Terms = typeof import("../assets/js/pages/product/terms.js");
/** What a room has on air each week, or on one day. */
type ShowSlot = import("../assets/js/state/programme.js").Slot;
type Paying = typeof import("../assets/js/pages/orders/paying.js");
type Schemas = import("./openapi").components["schemas"];

type JsonOf<Response> = Response extends { content: infer Content extends object } ? Content[keyof Content] : null;
type Told<Responses> = Exclude<keyof Responses, 500 | 502 | 503 | 504>;
/** The answers of a call, told apart by status. 500 and more are thrown as Away, and never seen. */
type Answer<Operation extends keyof Operations> = Operation extends keyof Operations
  ? {
      [Status in Told<Operations[Operation]["responses"]>]: {
        status: Status;
        data: JsonOf<Operations[Operation]["responses"][Status]>;
        wait: number;
      };
    }[Told<Operations[Operation]["responses"]>]
  : never;
/** What a file of the site is answered with. */
type FileAnswer<Data> = { status: 200; data: Data; wait: number };
/** An answer of whichever call. */
type AnyAnswer = { status: number; data: unknown; wait: number };

type KeptOfOrder = Schemas["KeptOfOrder"];
type KeptOfPerson = Schemas["KeptOfPerson"];
type KeptFact = Schemas["KeptFact"];

type Lang = "zh" | "en";
type Both = Schemas["Both"];
type Batch = Schemas["BatchLeft"];
type Drop = Schemas["DropLeft"];
type Order = Schemas["Order"];
type OrderStatus = Schemas["OrderStatus"];
type OrderLine = Schemas["Line"];
type Problem = Schemas["Problem"];
/** A way to pay, and why it does not work in this browser. */
type PayMethod = Schemas["Method"];
type ProblemError = NonNullable<Problem["errors"]>[number];
type Passport = Schemas["Passport"];
type FoundOrder = Schemas["FoundOrder"];
type OrderStory = Schemas["OrderStory"];
type BatchMove = Schemas["BatchMove"];
type WaitlistPlace = Schemas["Place"];
type Room = Schemas["Room"];
type Showing = Schemas["Showing"];
type ShowingDrop = Schemas["ShowingDrop"];
type RoomConsole = Schemas["Console"];
type Board = Schemas["Board"];
type Minute = Schemas["Minutes"][number];
type StaffMember = Schemas["Worker"];
type LogEntry = Schemas["Log"]["entries"][number];

/** A place in the viewer of pictures, or a way, in CSS pixels from the frame's middle. */
type PicturePoint = { x: number; y: number };
type PictureSize = { width: number; height: number };
/** How many times a picture is enlarged from where all of it is seen, and how far its middle lies from the frame's. */
type PictureView = PicturePoint & { scale: number };

/** An order on the packing board, as GET /staff/packing tells it. */
type PackEntry = {
  order: string;
  ship_by: string;
  stage: "to_print" | "printed" | "outdated" | "packed" | "unpack" | "stop";
  recipient: string;
  lines: { sku: string; quantity: number }[];
};
/** Orders whose labels are printed together; `contents` is "" where they hold several things. */
type PackWave = { day: string; contents: string; products: string[]; entries: PackEntry[] };
type PackBoard = { now: string; courier: string; orders: PackEntry[] };
/** A label, as it is printed; `rows` are the modules of its square code, 1 for dark ones. */
type PackLabel = {
  order: string;
  revision: number;
  code: string;
  rows: string[];
  ship_by: string;
  name: string;
  phone: string;
  region: string[];
  street: string;
  note: string;
  lines: { sku: string; name: string; quantity: number; lots: string[] }[];
};
type PackLabels = { wave: string; labels: PackLabel[] };
type PackParcel = {
  parcel: string;
  state: string;
  lines: { sku: string; quantity: number }[];
  carrier?: string;
  tracking_number?: string;
  handed?: string;
  packed: string;
  by: string;
  by_name?: string;
};
type PackedOrder = Pick<Schemas["PackedOrder"], "order" | "state" | "revision" | "ship_by"> & {
  parcels: PackParcel[];
  to_pack: { sku: string; quantity: number }[];
};
/** Why the packing room must stop; of what was packed already: when, and by whom. */
type PackProblem = Partial<Problem> & { at?: string; by?: string; by_name?: string };
/** A scan that is not confirmed: `at` in milliseconds by the shop's clock, `after` the key of the scan that packs its parcel. */
type PackAct = {
  kind: "pack" | "number" | "handover";
  order: string;
  revision: number;
  carrier: string;
  number: string;
  parcel: string;
  after: string;
  key: string;
  at: number;
};
/** What became of a scan: its parcel, or the problem; `earlier` where it had been done before, `dropped` where what it follows was refused. */
type PackOutcome = { parcel: PackParcel | null; problem: PackProblem | null; earlier?: boolean; dropped?: boolean };
/** A parcel that this device has handed over today. */
type HandedParcel = { parcel: string; carrier: string; number: string; at: number };

/** A record of the open books, as domain/desk/kept.py makes it. */
type KeptFigures = Record<"sold" | "orders" | "in_time" | "late" | "moved" | "agreed" | "cancelled", number> &
  Record<"refunds" | "refunded", number> & { since: string };
type KeptRecord = {
  n: number;
  kind: "day" | "correction";
  day: string;
  planned: number;
  told: KeptFigures | null;
  seal: string;
  before: string;
  hash: string;
};

/** Reads codes from pictures, where the browser does. */
interface BarcodeDetector {
  detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>;
}

/** What of site/assets/zxing is used: it reads codes from pictures where the browser does not. */
interface CodeReader {
  prepareZXingModule(wish: { overrides: { locateFile(): string }; fireImmediately: true }): Promise<unknown>;
  readBarcodes(picture: ImageData, wish: { formats: string[] }): Promise<{ text: string }[]>;
}

/** What is left of a pack. `kept` is set where it is kept for a place on the waitlist, so that nothing need be said. */
type Item = Pick<Schemas["Availability"], "left" | "batches"> & Partial<Schemas["Availability"]> & { kept?: true };
/** What is left, by SKU; null when the shop did not say. */
type Items = Record<string, Item> | null;

/** Where parcels to a province cost other than the shop's usual postage, or do not go. */
type Zone = { province: string; postage: number | null; refused: boolean };
/** packs.json, as publish.py writes it. */
type PacksFile = {
  postage: number;
  zones: Zone[];
  rooms: Record<string, Both>;
  packs: Record<string, PackRow & { name: Both; unit: Both }>;
};
type PackRow = {
  product: string;
  price: number;
  was: number | null;
  picture: string;
  per_order: number;
  returns: string;
  zones: Zone[];
};
/** A pack in the page's language; `unit` is what is counted (jar/jars), `url` is its product's page. */
type Pack = PackRow & { sku: string; name: string; unit: string; url: string };
/** What the village sells: packs by SKU, rooms' names by ID, postage in fen. */
type Shop = { postage: number; zones: Zone[]; packs: Map<string, Pack>; rooms: Map<string, string> };
/** Provinces, their cities, and the districts of these. */
type Provinces = Record<string, Record<string, string[]>>;
/** The table, and old names: of cities by province ("" for one that is divided), of districts by today's city. */
type Places = {
  provinces: Provinces;
  cities: Record<string, Record<string, string>>;
  districts: Record<string, Record<string, Record<string, string>>>;
};

/** A line of the cart; name, drop and room are "" where there is none. */
type CartLine = { sku: string; quantity: number; price: number; name: string; drop: string; room: string };
/** What can be put into the cart: `most` is the largest quantity of one order. */
type Goods = { sku: string; price: number; name?: string; unit?: string; most?: number; drop?: string; room?: string };
/** Why the cart did not take all of it; "" where it did. */
type CartTrouble = "" | "many" | "most" | "room";
type CartChange =
  | { kind: "price"; name: string; old: number; new: number }
  | { kind: "most"; name: string; most: number; unit: string }
  | { kind: "gone"; name: string };

/** The key to an order, or to a place on the waitlist: its number and its token. */
type Key = { order: string; token: string };
type OwnOrder = Key & { placed: string; total: number; ship_by: string; open?: boolean };
/** An address that the device keeps; `email` is "" where none goes with it, `used` in milliseconds since 1970. */
type SavedAddress = { name: string; phone: string; region: string[]; street: string; email: string; used: number };

/** An order that is being placed: where it is kept, where it is sent to, and what opens that. */
type Way = { name: string; path: string; token: string };
type Attempt = { path: string; key: string; at: number; wish: string; body: string };
type Expected = { total: number; ship_by: string };
/** What a shopper orders, without what they were shown. */
type Wish = Pick<Schemas["Checkout"], "lines" | "ship_to" | "payment" | "no_return"> & {
  email?: string;
  note?: string;
};

/** What the checkout hands to refusals.js. */
type CheckoutPage = {
  form: CheckoutForm;
  shop: Shop;
  items: Items;
  province: string;
  total: number;
  askAgain(): void;
  showUnpaid(): Promise<OrderStatus[]>;
  refresh(): void;
  submit(): void;
  accepted(order: Order): void;
  mark(pointers: string[]): string[];
  chooseAddress(): void;
  agree(expect: Expected): void;
};
/** What the shop says of one line of the order. */
type LineError = ProblemError & { line: CartLine; left: number };
/** A line of which too few are left; `elsewhere`, how many there are in a drop, or out of it. */
type Shortage = { line: CartLine; left: number; elsewhere?: number; off?: boolean };

/** A row of search.json: shelf, path, title, summary, words, picture, price. */
type SearchRow = [string, string, string, string, string, string, number, string, string, string, string];
type SearchPage = {
  shelf: string;
  path: string;
  title: string;
  summary: string;
  picture: string;
  price: number;
  skus: string[];
  unit: string;
};
/** A page with the texts to look in, each with its weight, the title first. */
type SearchEntry = { page: SearchPage; fields: [string, number][]; sounds: string[][] };
/** How much something tells of a page, 0 for nothing. */
type Weigh = (entry: SearchEntry) => number;

/** How what is left is shown: `mood` becomes a data attribute. */
type StockLine = { text: string; mood: "" | "few" | "none" | "away" };

/** What an address that was pasted holds; "" or [] for what was not found. */
type Address = {
  name: string;
  phone: string;
  region: string[];
  street: string;
  /** What is none of these. */
  rest: string;
  says: ("masked" | "landline" | "several")[];
};
type Draft = Partial<
  Record<"name" | "phone" | "province" | "city" | "district" | "other" | "street" | "email" | "note", string>
>;
/** The three selects of the checkout. */
type RegionChoice = { provinces: Provinces; value(): string[]; choose(kept: Draft): void };

type CheckoutForm = HTMLFormElement & {
  elements: {
    name: HTMLInputElement;
    phone: HTMLInputElement;
    province: HTMLSelectElement;
    city: HTMLSelectElement;
    district: HTMLSelectElement;
    other: HTMLInputElement;
    street: HTMLInputElement;
    email: HTMLInputElement;
    note: HTMLInputElement;
    remember: HTMLInputElement;
    payment: RadioNodeList;
    consent: HTMLInputElement;
  };
};
type WaitlistForm = HTMLFormElement & {
  elements: { contact: HTMLInputElement; units: HTMLInputElement; fewer: HTMLInputElement };
};
type CommentForm = HTMLFormElement & { elements: { name: HTMLInputElement; words: HTMLTextAreaElement } };
type StoryForm = HTMLFormElement & {
  elements: {
    headline: HTMLInputElement;
    words: HTMLTextAreaElement;
    name: HTMLInputElement;
    contact: HTMLInputElement;
    consent: HTMLInputElement;
  };
};
type SignupForm = HTMLFormElement & { elements: { email: HTMLInputElement } };
type LetterForm = HTMLFormElement & {
  elements: {
    subject_zh: HTMLInputElement;
    words_zh: HTMLTextAreaElement;
    subject_en: HTMLInputElement;
    words_en: HTMLTextAreaElement;
  };
};
type DeskVoice = Schemas["DeskVoice"];
type FindForm = HTMLFormElement & { elements: { contact: HTMLInputElement } };
type LinkForm = HTMLFormElement & { elements: { link: HTMLInputElement } };
type InviteForm = HTMLFormElement & { elements: { role: HTMLSelectElement; name: HTMLInputElement } };
/** What is sought in the trail. */
type TrailForm = HTMLFormElement & {
  elements: {
    about: HTMLInputElement;
    by: HTMLSelectElement;
    act: HTMLSelectElement;
    from: HTMLInputElement;
    until: HTMLInputElement;
  };
};
/** What the labels of jars are made of. */
type LabelsForm = HTMLFormElement & {
  elements: { sku: HTMLSelectElement; day: HTMLInputElement; made: HTMLInputElement; count: HTMLInputElement };
};
type DropFields = {
  sku: HTMLSelectElement;
  price: HTMLInputElement;
  units: HTMLInputElement;
  minutes: HTMLInputElement;
  limit: HTMLInputElement;
  at: HTMLInputElement;
};
/** What opens a drop; the price in fen. */
type DropWish = { sku: string; units: number; price: number; minutes: number; limit: number; opens?: string };
type DropForm = HTMLFormElement & { elements: DropFields };

/**
 * What kind of element a template marks with data-part, where it is more than an HTMLElement; where pages use one name for
 * several kinds, the kind of which a module asks more. A test holds it to the templates.
 */
interface Parts {
  brightness: HTMLInputElement;
  captions: HTMLSelectElement;
  face: HTMLButtonElement;
  position: HTMLInputElement;
  power: HTMLButtonElement;
  snow: HTMLCanvasElement;
  volume: HTMLInputElement;
  whole: HTMLButtonElement;
  more: HTMLAnchorElement;
  add: HTMLButtonElement;
  back: HTMLAnchorElement;
  buy: HTMLFormElement;
  cancel: HTMLButtonElement;
  carrier: HTMLSelectElement;
  clip: HTMLVideoElement;
  code: HTMLAnchorElement;
  contact: HTMLAnchorElement;
  drop: DropForm;
  dropping: HTMLDetailsElement;
  every: HTMLInputElement;
  "every-goods": HTMLInputElement;
  find: FindForm;
  "find-button": HTMLButtonElement;
  form: CheckoutForm;
  go: HTMLAnchorElement;
  "goal-units": HTMLInputElement;
  invite: InviteForm;
  "kept-back": HTMLAnchorElement;
  labels: LabelsForm;
  "link-form": LinkForm;
  log: HTMLDetailsElement;
  "lost-ask": HTMLButtonElement;
  "made-link": HTMLElement;
  name: HTMLAnchorElement;
  now: HTMLButtonElement;
  "onair-buy": HTMLAnchorElement;
  open: HTMLAnchorElement;
  opens: HTMLAnchorElement;
  order: HTMLButtonElement;
  overlay: HTMLAnchorElement;
  paid: HTMLButtonElement;
  paper: HTMLSelectElement;
  pay: HTMLButtonElement;
  picture: HTMLImageElement;
  query: HTMLInputElement;
  reporting: HTMLDetailsElement;
  really: HTMLButtonElement;
  room: HTMLSelectElement;
  "room-link": HTMLAnchorElement;
  "parcel-link": HTMLAnchorElement;
  search: HTMLInputElement;
  seek: TrailForm;
  text: HTMLInputElement;
  title: HTMLAnchorElement;
  typed: HTMLInputElement;
  "fixing-form": HTMLFormElement;
  "to-name": HTMLInputElement;
  "to-phone": HTMLInputElement;
  "to-region": HTMLInputElement;
  "to-street": HTMLInputElement;
  "books-month": HTMLInputElement;
  "books-day": HTMLInputElement;
  "invoice-form": HTMLFormElement;
  "invoice-kind": HTMLSelectElement;
  "invoice-title": HTMLInputElement;
  "invoice-tax": HTMLInputElement;
  "invoice-email": HTMLInputElement;
  "invoice-send": HTMLButtonElement;
  "shares-month": HTMLInputElement;
  "unpaid-pay": HTMLAnchorElement;
  comment: CommentForm;
  "comment-send": HTMLButtonElement;
  ask: HTMLButtonElement;
  confirm: HTMLButtonElement;
  "leave-letter": HTMLButtonElement;
  letter: LetterForm;
  signup: SignupForm;
  story: StoryForm;
  wait: HTMLButtonElement;
  "waitlist-buy": HTMLButtonElement;
  "waitlist-form": WaitlistForm;
  "waitlist-join": HTMLButtonElement;
}

/** Policies of Trusted Types as this shop uses them; TypeScript's own library does not know them. */
type ScriptAddresses = { createScriptURL(address: string): string };
type ScriptTexts = { createScript(text: string): string };

/** What WeChat's own browser offers pages. */
type WeixinJSBridge = { invoke(name: string, wanted: object, told: (answer: { err_msg: string }) => void): void };

interface Window {
  /** Chromium on Android, macOS and ChromeOS. */
  BarcodeDetector?: {
    new (wanted: { formats: string[] }): BarcodeDetector;
    getSupportedFormats(): Promise<string[]>;
  };
  /** Inside WeChat, from the event WeixinJSBridgeReady on. */
  WeixinJSBridge?: WeixinJSBridge;
  /** Where the browser has them: Chromium, and Safari from version 26. */
  trustedTypes?: {
    createPolicy(name: string, rules: ScriptAddresses): ScriptAddresses;
    createPolicy(name: string, rules: ScriptTexts): ScriptTexts;
  };
  /** Safari's name for it, until version 14.1. */
  webkitAudioContext: typeof AudioContext;
}

/** Safari's names for the whole screen; an iPhone has that of a film alone. */
interface Document {
  webkitFullscreenElement?: Element | null;
  webkitExitFullscreen(): void;
}
interface HTMLElement {
  webkitRequestFullscreen?(): void;
}
interface HTMLVideoElement {
  webkitDisplayingFullscreen?: boolean;
  webkitEnterFullscreen?(): void;
  webkitExitFullscreen?(): void;
}

/** What words.yml has for scripts: texts in groups, and groups within these. */
type Words = { [name: string]: string | Words };
