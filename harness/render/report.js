/* report.js - tables that sort at a click on a heading; the page is whole without it.
 * SPDX-License-Identifier: MIT */
"use strict";

(() => {
    /* "29,977" is a number, and so are "−8.7", "31.9†" and, by its lower end, "16.4–21.6".
     * "–" is none. */
    function numberOf(text) {
        const digits = /^[-+−]?[\d,]*\.?\d+/.exec(text);
        return digits ? Number(digits[0].replace(/,/g, "").replace("−", "-")) : NaN;
    }

    /* A row of words, such as why a server has no figures, has fewer cells. */
    function textOf(row, column) {
        const cell = row.cells[column];
        return cell && cell.colSpan === 1 ? cell.textContent.trim() : "";
    }

    function compare(a, b, numeric) {
        return numeric ? numberOf(a) - numberOf(b) : a.localeCompare(b);
    }

    function hasValue(text, numeric) {
        return numeric ? !Number.isNaN(numberOf(text)) : text !== "";
    }

    /* Rows that have nothing to compare come last in either direction, in their order. */
    function sortRows(body, column, numeric, sign) {
        const rows = [...body.rows];
        const having = rows.filter((row) => hasValue(textOf(row, column), numeric));
        const lacking = rows.filter((row) => !hasValue(textOf(row, column), numeric));
        having.sort((a, b) =>
            sign * compare(textOf(a, column), textOf(b, column), numeric));
        body.append(...having, ...lacking);
    }

    function sortTable(table, heads, head) {
        const sorted = head.getAttribute("aria-sort");
        const ascending = sorted ? sorted !== "ascending" : !("more" in head.dataset);
        for (const other of heads)
            other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
        sortRows(table.tBodies[0], head.cellIndex, head.classList.contains("n"),
            ascending ? 1 : -1);
    }

    for (const table of document.querySelectorAll("table.sortable")) {
        const heads = table.tHead.rows[table.tHead.rows.length - 1].cells;
        for (const head of heads) {
            const button = document.createElement("button");
            button.type = "button";
            button.append(...head.childNodes);
            button.addEventListener("click", () => sortTable(table, heads, head));
            head.append(button);
        }
    }
})();
