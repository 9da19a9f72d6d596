import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
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

const at = (file: string) => resolve(import.meta.dirname, file);
const WORKER = "crew-worker";
const OF_CREW = ["icon.svg", "crew.webmanifest", "crew-192.png"];

type Built = {
  type: string;
  code?: string;
  imports?: string[];
  dynamicImports?: string[];
  viteMetadata?: { importedCss: Set<string>; importedAssets: Set<string> };
};

/** All that a page needs to open and work without a connection, found from its entry on. */
function filesOf(entry: string, bundle: Record<string, Built>, found = new Set<string>()): Set<string> {
  const chunk = bundle[entry];
  if (!chunk || found.has(entry)) return found;
  found.add(entry);
  for (const file of chunk.viteMetadata?.importedCss ?? []) found.add(file);
  for (const file of chunk.viteMetadata?.importedAssets ?? []) found.add(file);
  for (const next of [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])]) filesOf(next, bundle, found);
  return found;
}

/** Tells the crew page's service worker which files to keep; another build is another version of it. */
const keptOffline: Plugin = {
  name: "kept-offline",
  apply: "build",
  generateBundle(_, bundle) {
    const chunks = bundle as unknown as Record<string, Built & { name?: string; isEntry?: boolean; fileName: string }>;
    const [page, worker] = ["crew", WORKER].map((name) =>
      Object.values(chunks).find((chunk) => chunk.isEntry && chunk.name === name),
    );
    if (!page || !worker?.code) throw new Error("the crew's page or its worker was not built");
    const needed = [...filesOf(page.fileName, chunks)].filter((file) => !file.endsWith(".woff")); // all have woff2
    const files = [...needed, ...OF_CREW].map((file) => `/${file}`).sort();
    const told = createHash("sha256").update(files.join());
    for (const plain of ["crew.html", ...OF_CREW.map((file) => `public/${file}`)]) told.update(readFileSync(at(plain)));
    const version = told.digest("hex").slice(0, 12);
    worker.code = worker.code
      .replaceAll("__CREW_FILES__", JSON.stringify(files))
      .replaceAll("__CREW_VERSION__", JSON.stringify(version));
  },
};

export default defineConfig({
  base: "./",
  plugins: [nothingFromOutside, keptOffline],
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 2500,
    assetsInlineLimit: 0, // fonts and the worker stay files: the page's policy allows no data: scripts or fonts
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: at("index.html"), crew: at("crew.html"), [WORKER]: at("src/crew/worker.ts") },
      output: {
        // a worker is known by its address: it stays where it is, at the top, and carries all it needs
        entryFileNames: ({ name }) => (name === WORKER ? `${WORKER}.js` : "assets/[name]-[hash].js"),
      },
    },
  },
  server: { host: "127.0.0.1", proxy: { "/api": { target: server, ws: true } }, fs: { allow: [".."] } },
});
