// All points as tables, one per face.

/** Fills an element with the tables. */
export function fillTables(element, faces) {
  const tables = faces.map((face, index) => {
    const table = document.createElement("table");
    const title = "id" in face ? `Face ${face.id}` : `Face ${index + 1}`;
    table.createCaption().textContent = `${title}, score ${face.score.toFixed(2)}`;
    const head = table.createTHead().insertRow();
    for (const text of ["point", "x", "y", "±"]) head.append(cell("th", text, "col"));
    const body = table.createTBody();
    for (const [name, place] of Object.entries(face.keypoints)) {
      const row = body.insertRow();
      const numbers = [...place, face.uncertainty?.[name]].map((value) => value?.toFixed(1) ?? "");
      row.append(cell("th", name.replaceAll("_", " "), "row"), ...numbers.map((text) => cell("td", text)));
    }
    return table;
  });
  element.replaceChildren(...tables);
}

function cell(kind, text, scope) {
  const element = document.createElement(kind);
  element.textContent = text;
  if (scope) element.scope = scope;
  return element;
}
