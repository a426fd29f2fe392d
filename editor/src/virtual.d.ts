declare module "virtual:node-icons" {
  import type { Component } from "svelte";
  /** Lucide icon's name → its component, for every icon that a node type names. */
  const icons: Record<string, Component<{ size?: number | string; strokeWidth?: number | string; class?: string }>>;
  export default icons;
}
