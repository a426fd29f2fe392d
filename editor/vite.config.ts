import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";
import { NODE_TYPES } from "../nodes/index.ts";

const VIRTUAL = "virtual:node-icons";

/** The icons that node types name, and no others: the registry decides, so a new node type needs no edit here. */
function nodeIcons(): Plugin {
  return {
    name: "node-icons",
    resolveId: (id) => (id === VIRTUAL ? `\0${VIRTUAL}` : null),
    load(id) {
      if (id !== `\0${VIRTUAL}`) return null;
      const names = [...new Set(NODE_TYPES.map((type) => type.icon))].sort();
      const imports = names.map((name, i) => `import i${i} from "@lucide/svelte/icons/${name}";`);
      const entries = names.map((name, i) => `${JSON.stringify(name)}: i${i}`);
      return `${imports.join("\n")}\nexport default { ${entries.join(", ")} };`;
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  base: "/",
  plugins: [nodeIcons(), svelte()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // A strict content policy allows no data: fonts or images in the styles.
    assetsInlineLimit: 0,
    target: ["chrome125", "firefox128", "safari17.5"],
    reportCompressedSize: false,
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: {
        // What most pages share is one file: forty small ones wait for each other longer than they take to load.
        codeSplitting: {
          groups: [
            { name: "shared", minShareCount: 3, test: /\.(?:[jt]s|svelte)$/ },
            { name: "canvas", test: /@xyflow|node_modules\/d3-/ },
          ],
        },
      },
    },
    // The small helper for old browsers would be inlined into the page.
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": "http://127.0.0.1:3000" } },
});
