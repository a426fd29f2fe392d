/** An input was meant for a contact that the store doesn't have. */
export class NoSuchContact extends Error {
  override name = "NoSuchContact";
  readonly contact: string;

  constructor(contact: string) {
    super(`there is no contact ${contact}`);
    this.contact = contact;
  }
}

/** A flow was named that the store doesn't have. */
export class NoSuchFlow extends Error {
  override name = "NoSuchFlow";
  readonly flow: string;

  constructor(flow: string) {
    super(`there is no flow ${flow}`);
    this.flow = flow;
  }
}

/** The changes handed back are not those of the batch, one for each contact: a bug of the engine. */
export class WrongChanges extends Error {
  override name = "WrongChanges";
  readonly contacts: string[];

  constructor(what: string, contacts: string[]) {
    super(`${what}: ${contacts.join(", ")}`);
    this.contacts = contacts;
  }
}

/** The database was written by a newer program than this one, or isn't a store of this program. */
export class StoreRefused extends Error {
  override name = "StoreRefused";
  readonly ar: string;

  constructor(en: string, ar: string) {
    super(en);
    this.ar = ar;
  }

  /** It can't hold every language. */
  static encoding(encoding: string): StoreRefused {
    return new StoreRefused(
      `This database has the encoding ${encoding}, which can't hold every language; make one with the encoding UTF8.`,
      `ترميز قاعدة البيانات هذه ${encoding}، وهو لا يتسع لكل اللغات؛ أنشئ قاعدة بيانات بترميز UTF8.`,
    );
  }

  /** It has schema version `have`, and this program knows only up to `newest`. */
  static newer(have: number, newest: number): StoreRefused {
    return new StoreRefused(
      `This database has schema version ${have}, but this program knows only up to ${newest}. ` +
        "A newer Tawasul wrote it: start that one, or restore a backup made by this one.",
      `مخطط قاعدة البيانات هذه من الإصدار ${have}، وهذا البرنامج لا يعرف إلا حتى الإصدار ${newest}. ` +
        "كتبتها نسخة أحدث من تواصل: شغّل تلك النسخة، أو استعد نسخة احتياطية أنشأتها هذه النسخة.",
    );
  }
}
