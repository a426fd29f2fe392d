import { type Static, type TProperties, Type } from "typebox";
import { RESOURCES, ROLES } from "../accounts/roles.ts";
import type { User } from "../store/accounts.ts";
import { timeOf } from "./context.ts";
import { closed, OneOf, Time } from "./schemas.ts";

export const RoleName = OneOf(ROLES, "Each may also do what those before it may");
export const LanguageName = OneOf(["en", "ar"]);
export const Scope = Type.String({
  pattern: `^(?:${RESOURCES.join("|")}):(?:read|write)$`,
  examples: ["contacts:write"],
});

/** What people give about themselves. */
export const Given = {
  name: Type.String({ minLength: 1, maxLength: 200 }),
  email: Type.String({ minLength: 1, maxLength: 320 }),
  password: Type.String({
    minLength: 1,
    maxLength: 1000,
    description: "At least 10 characters, and not among what is guessed first",
  }),
  /** One that was set some time. */
  anyPassword: Type.String({ maxLength: 1000 }),
  token: Type.String({ minLength: 1, maxLength: 200, description: "What follows # in the link" }),
};

/** Name, password and language, with what else is asked for. */
export const Newcomer = <P extends TProperties>(more: P) =>
  Type.Object(
    { ...more, name: Given.name, password: Given.password, language: LanguageName },
    closed,
  );

export const Person = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    email: Type.String(),
    role: RoleName,
    language: LanguageName,
    created: Time,
  },
  { ...closed, component: "Person" },
);

export const personOut = ({ created, ...rest }: User): Static<typeof Person> => ({
  ...rest,
  created: timeOf(created) ?? "",
});
