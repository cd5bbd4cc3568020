/** Starts Swagger UI in the browser. Keys typed into Authorize live as long as the page and are stored nowhere. */
export const START_SCRIPT = `const dark = matchMedia('(prefers-color-scheme: dark)')
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
dark.addEventListener('change', follow)
follow()
SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  docExpansion: 'none',
  defaultModelsExpandDepth: 0,
  filter: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  validatorUrl: null,
})
`

/** What Swagger UI lacks on a narrow screen: long addresses and tables that break instead of pushing the page wide. */
export const STYLE = `:root { color-scheme: light dark }
body { margin: 0 }
.swagger-ui .info { margin: 24px 0 }
.swagger-ui .opblock .opblock-summary-path { max-width: none; overflow-wrap: anywhere }
.swagger-ui .scheme-container { box-shadow: none; padding: 12px 0 }
@media (max-width: 640px) {
  .swagger-ui { overflow-x: clip }
  .swagger-ui .wrapper { padding: 0 12px; box-sizing: border-box }
  .swagger-ui .info hgroup.main, .swagger-ui .info .title { overflow-wrap: anywhere }
  .swagger-ui .opblock .opblock-summary { flex-wrap: wrap }
  .swagger-ui .opblock .opblock-summary-control { flex-wrap: wrap; min-width: 0 }
  .swagger-ui .opblock .opblock-summary-path { flex: 1 1 60%; min-width: 0 }
  .swagger-ui .opblock .opblock-summary-description { flex: 1 1 100%; padding: 2px 0; word-break: normal }
  .swagger-ui .opblock-body, .swagger-ui .responses-inner, .swagger-ui .table-container { overflow-x: auto }
  .swagger-ui .opblock-tag { flex-wrap: wrap; font-size: 18px }
  .swagger-ui .opblock-tag small { flex: 1 1 100%; padding: 0 }
  .swagger-ui .dialog-ux .modal-ux { min-width: 0; width: calc(100% - 24px) }
  .swagger-ui input[type=text], .swagger-ui select, .swagger-ui textarea { max-width: 100%; min-width: 0 }
}
`
