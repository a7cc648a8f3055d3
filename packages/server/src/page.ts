const viewerLink =
  '<li><a href="/viewer/">Viewer</a>: register two images in the browser, look, mend and export</li>\n';

/** The page of all links, for people. @param hasViewer - whether the viewer is served as well */
export const landingHtml = (hasViewer: boolean): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>tiepoint</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:3em auto;padding:0 1em;color-scheme:light dark}</style>
<h1>tiepoint</h1>
<p>Registers satellite and aerial images across sensors, and says how far the answer may be trusted.
This is an <a href="https://ogcapi.ogc.org/processes/">OGC API - Processes</a>.</p>
<ul>
${hasViewer ? viewerLink : ''}<li><a href="/docs">Try it</a></li>
<li><a href="/processes">Processes</a>, <a href="/jobs">jobs</a></li>
<li><a href="/api">OpenAPI document</a>, <a href="/conformance">conformance</a></li>
</ul>
</html>
`;

/** The page to try the API on; all it needs comes from the server itself. */
export const docsHtml = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>tiepoint: API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<div id="ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</html>
`;

/** A file of its own, as the page runs no script that stands in it. */
export const docsScript = `SwaggerUIBundle({ url: '/api', dom_id: '#ui', validatorUrl: null, deepLinking: true });\n`;
