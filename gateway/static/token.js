// The access token typed into the bar. It stays in the page's memory: nothing stores it.
"use strict";

const tokenInput = document.getElementById("token");
const tokenForm = document.getElementById("token-form");

tokenForm.addEventListener("submit", (event) => event.preventDefault());

function withToken(headers) {
  const token = tokenInput.value.trim();
  return token ? { ...headers, Authorization: `Bearer ${token}` } : headers;
}
