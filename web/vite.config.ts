import { defineConfig, type Plugin } from "vite";

/** Where `npm run dev` finds the server; the built windows are served by the server itself. */
const server = "http://127.0.0.1:8080";

/** loaders.gl names a public CDN for workers that nothing here asks for; the built page names no outside address. */
const nothingFromOutside: Plugin = {
  name: "nothing-from-outside",
  apply: "build",
  transform: (code, id) =>
    id.includes("@loaders.gl") ? code.replaceAll("https://unpkg.com/@loaders.gl", "./no-loaders") : null,
};

export default defineConfig({
  base: "./",
  plugins: [nothingFromOutside],
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 2500,
    assetsInlineLimit: 0, // fonts and the worker stay files: the page's policy allows no data: scripts or fonts
    modulePreload: { polyfill: false },
  },
  server: { host: "127.0.0.1", proxy: { "/api": { target: server, ws: true } }, fs: { allow: [".."] } },
});
