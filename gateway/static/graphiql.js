// GraphiQL over our own endpoint, with the token from the bar.
"use strict";

const EXAMPLE = `# The shared case view of one household, as far as your agency may see it.
# Paste an access token into the bar above, and a household's id below.
query Case($household: ID!) {
  case(id: $household) {
    household { name }
    members { role identities { givenName familyName dateOfBirth } }
    concerns { kind narrative occurredAt raisedBy }
    plans { status goals { text actions { text owner due status } } }
    missing { part reason }
  }
}
`;

async function fetcher(query) {
  const answer = await fetch("/graphql", {
    method: "POST",
    headers: withToken({ "Content-Type": "application/json" }),
    body: JSON.stringify(query),
  });
  return answer.json();
}

// Queries name households: the page forgets them when it is closed.
const kept = new Map();
const storage = {
  getItem: (name) => kept.get(name) ?? null,
  setItem: (name, value) => void kept.set(name, value),
  removeItem: (name) => void kept.delete(name),
  clear: () => kept.clear(),
  get length() {
    return kept.size;
  },
};

const root = ReactDOM.createRoot(document.getElementById("main"));

// Only an authenticated caller may read the schema: without a token it is not asked for.
function draw() {
  const schema = tokenInput.value.trim() ? undefined : null;
  root.render(
    React.createElement(GraphiQL, {
      key: tokenInput.value,
      schema,
      fetcher,
      storage,
      forcedTheme: "light",
      defaultQuery: EXAMPLE,
      defaultEditorToolsVisibility: "variables",
      isHeadersEditorEnabled: false,
      shouldPersistHeaders: false,
    }),
  );
}

tokenInput.addEventListener("change", draw);
draw();
