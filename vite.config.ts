import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'

const watching = process.argv.includes('--watch')

/** One SVG sprite of the Lucide icons named in icons.txt; a name that Lucide doesn't have fails the build. */
function sprite(): Plugin {
  return {
    name: 'formwork-sprite',
    apply: 'build',
    buildStart() { this.addWatchFile('icons.txt') },
    generateBundle() {
      const { icons, aliases } = JSON.parse(fs.readFileSync('node_modules/@iconify-json/lucide/icons.json', 'utf8'))
      const names = fs.readFileSync('icons.txt', 'utf8').replace(/#.*$/gm, '').split(/\s+/).filter(Boolean)
      const symbols = names.map(name => {
        let key = name
        while (aliases[key]) key = aliases[key].parent
        if (!icons[key]) this.error(`icons.txt: Lucide has no icon named "${name}"`)
        // Paint attributes come from the .icon class, so that one rule styles all icons.
        const body = icons[key].body.replace(/ (?:fill|stroke|stroke-linecap|stroke-linejoin|stroke-width)="(?:none|currentColor|round|2)"/g, '')
        return `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`
      })
      this.emitFile({ type: 'asset', name: 'sprite.svg', originalFileName: 'sprite.svg', source: `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>` })
      this.emitFile({ type: 'asset', fileName: 'icons.json', source: JSON.stringify(names) })
    },
  }
}

/** Compressed copies beside the files, so that no server compresses the same bytes again. */
function compressed(): Plugin {
  return {
    name: 'formwork-compressed',
    apply: 'build',
    writeBundle({ dir }, bundle) {
      if (watching) return
      for (const name of Object.keys(bundle).filter(name => /\.(js|css|svg)$/.test(name))) {
        const file = path.join(dir!, name)
        const bytes = fs.readFileSync(file)
        fs.writeFileSync(`${file}.gz`, zlib.gzipSync(bytes, { level: 9 }))
        fs.writeFileSync(`${file}.br`, zlib.brotliCompressSync(bytes))
      }
    },
  }
}

/** Every designer is a page of its own: designer/ui/<name>/main.tsx. */
const islands = (): Record<string, string> =>
  Object.fromEntries(fs.globSync('designer/ui/*/main.tsx').map(file => [`designer-${path.basename(path.dirname(file))}`, file.replaceAll(path.sep, '/')]))

// Written against React's API, shipped as Preact (docs/decisions): a third of the bytes.
const preact = {
  'react-dom/client': 'preact/compat/client', 'react-dom': 'preact/compat', 'react/jsx-runtime': 'preact/jsx-runtime',
  'react/jsx-dev-runtime': 'preact/jsx-dev-runtime', react: 'preact/compat',
}

export default defineConfig({
  base: './',
  publicDir: false,
  plugins: [sprite(), compressed()],
  resolve: { alias: preact },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: process.env.FORMWORK_UI_OUT ?? 'runtime/static/build',
    // A watching build must not leave a moment without a manifest.
    emptyOutDir: !watching,
    manifest: 'manifest.json',
    modulePreload: false,
    assetsInlineLimit: 0,
    target: 'baseline-widely-available',
    // Nesting and light-dark() as written: half the bytes of their translation.
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    rolldownOptions: { input: { runtime: 'runtime/ui/main.ts', views: 'runtime/ui/views.ts', designer: 'designer/ui/pages.ts', ...islands() } },
  },
})
