// Swagger UI over our own OpenAPI description, with the token from the bar.
"use strict";

const SAFE = ["GET", "HEAD", "OPTIONS"];

function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Tokens come from the bar, so Swagger's own dialogue goes; the scope it would list is said in words.
function withScopesInWords(spec) {
  for (const path of Object.values(spec.paths)) {
    for (const operation of Object.values(path)) {
      const scopes = (operation.security ?? []).flatMap((rule) => Object.values(rule).flat());
      const words = scopes.length ? `Needs the scope \`${scopes.join("` `")}\`.` : "";
      operation.description = [operation.description, words].filter(Boolean).join("\n\n");
      delete operation.security;
    }
  }
  delete spec.components?.securitySchemes;
  return spec;
}

async function draw() {
  const spec = withScopesInWords(await (await fetch("/openapi.json")).json());
  SwaggerUIBundle({
    spec,
    domNode: document.getElementById("main"),
    deepLinking: true,
    docExpansion: "none",
    defaultModelsExpandDepth: -1,
    filter: true,
    validatorUrl: null,
    requestInterceptor(request) {
      request.headers = withToken(request.headers);
      if (!SAFE.includes((request.method || "GET").toUpperCase())) {
        request.headers["Idempotency-Key"] ||= randomKey();
      }
      return request;
    },
  });
}

draw();
