import { z } from 'zod'
import { notFound } from '../base/errors.ts'
import { publicRoute, redirect, type Route } from '../http/route.ts'
import type { Slice } from '../http/slice.ts'
import { answerFile, KEPT_FOR_EVER, type StaticFile } from '../http/static-file.ts'
import { type PageFiles, readPageFiles } from './files.ts'

/** The API to read and to try, at /api/docs: Swagger UI from this program itself, so it works without a network, under a policy
 *  that allows scripts and calls of this origin only. */
export function apiDocsSlice(): Slice {
  return { routes: apiDocsRoutes(readPageFiles()) }
}

/** Scripts and styles are files of ours, never inline. Swagger UI sets its styles through the DOM, which no policy hinders, and
 *  draws its icons from `data:` addresses. Tried with swagger-ui-dist 5.34.1 in Chromium: reading, Authorize and Try it out, and
 *  the browser refuses nothing. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

function apiDocsRoutes(files: PageFiles): Route[] {
  const byName = new Map<string, StaticFile>(Object.values(files).map((file: StaticFile) => [file.name, file]))
  const page = pageOf(files)
  return [
    publicRoute({
      operationId: 'apiDocs',
      method: 'GET',
      path: '/api/docs',
      tag: 'System',
      summary: 'The API, to read and to try',
      answers: { 200: { description: 'A page' } },
      handle: async () => ({
        status: 200,
        body: page,
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-cache',
          'content-security-policy': POLICY,
        },
      }),
    }),
    publicRoute({
      operationId: 'apiDocsSlash',
      method: 'GET',
      path: '/api/docs/',
      tag: 'System',
      summary: 'The same, as some type it',
      answers: { 302: { description: 'To /api/docs' } },
      handle: async () => redirect('/api/docs'),
    }),
    publicRoute({
      operationId: 'apiDocsFile',
      method: 'GET',
      path: '/api/docs/{file}',
      params: z.object({ file: z.string() }),
      tag: 'System',
      summary: 'A file of that page',
      answers: { 200: { description: 'The file' } },
      handle: async ({ params, header }) => {
        const file = byName.get(params.file)
        if (!file) throw notFound()
        return answerFile(file, header('accept-encoding'), { 'cache-control': KEPT_FOR_EVER })
      },
    }),
  ]
}

const pageOf = ({ style, ownStyle, bundle, start, icon }: PageFiles): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Payymo API</title>
<link rel="icon" href="/api/docs/${icon.name}">
<link rel="stylesheet" href="/api/docs/${style.name}">
<link rel="stylesheet" href="/api/docs/${ownStyle.name}">
<script defer src="/api/docs/${bundle.name}"></script>
<script defer src="/api/docs/${start.name}"></script>
</head>
<body>
<main id="docs"><noscript>This page needs JavaScript. The same as a file: <a href="/api/openapi.json">/api/openapi.json</a></noscript></main>
</body>
</html>
`
