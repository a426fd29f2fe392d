declare module "virtual:node-icons" {
  import type { LucideProps } from "@lucide/svelte";
  import type { Component } from "svelte";

  /** Lucide icon's name → its component, for every icon that a node type names. */
  const icons: Record<string, Component<LucideProps>>;
  export default icons;
}
