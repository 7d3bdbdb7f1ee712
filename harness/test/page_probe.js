/* page_probe.js - appended to a copy of a report page: looks at what the browser made of it, and
 * says so to the page that frames it (page_frame.html), a line for each finding.
 * SPDX-License-Identifier: MIT */
"use strict";

(() => {
    const width = document.documentElement.clientWidth;

    function say(what, text) {
        parent.postMessage(`${width} ${what}: ${text}`, "*");
    }

    function all(selector, within = document) {
        return [...within.querySelectorAll(selector)];
    }

    function name(element) {
        return `${element.localName} "${element.textContent.trim().slice(0, 40)}"`;
    }

    function list(elements) {
        return elements.length ? elements.slice(0, 5).map(name).join(", ") : "none";
    }

    /* What is wider than the page, but for what scrolls in a box of its own. */
    function overflow() {
        const wide = document.documentElement.scrollWidth > width;
        const out = all("main *").filter((element) =>
            element.getBoundingClientRect().right > width + 0.5 &&
            !element.parentElement.closest(".scroll, pre"));
        return (wide ? `the page is ${document.documentElement.scrollWidth} wide, ` : "") +
            list(out);
    }

    /* ---- contrast (WCAG 2.2, 1.4.3) ---- */

    function channels(colour) {
        return colour.match(/[\d.]+/g).map(Number);
    }

    function luminance(colour) {
        const [r, g, b] = channels(colour).map((value) =>
            value <= 10.31475 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    }

    function background(element) {
        for (; element; element = element.parentElement) {
            const colour = getComputedStyle(element).backgroundColor;
            if (channels(colour)[3] !== 0)
                return colour;
        }
        return "rgb(255, 255, 255)";
    }

    function contrast(element) {
        const text = luminance(getComputedStyle(element).color);
        const behind = luminance(background(element));
        return (Math.max(text, behind) + 0.05) / (Math.min(text, behind) + 0.05);
    }

    function faint() {
        const texts = all("main *:not(svg *)").filter((element) =>
            [...element.childNodes].some((node) =>
                node.nodeType === Node.TEXT_NODE && node.data.trim()));
        return list(texts.filter((element) => contrast(element) < 4.5));
    }

    /* ---- sorting ---- */

    /* The figures of a column, read in another way than the page's own script does; null if
     * there is anything else in it. */
    function figures(table, column) {
        const texts = all("tbody tr", table).map((row) =>
            row.cells[column] ? row.cells[column].textContent : "");
        return texts.every((text) => /^[−+]?[\d,]+(\.\d+)?$/.test(text)) ?
            texts.map((text) => parseFloat(text.replaceAll(",", "").replace("−", "-"))) : null;
    }

    function sorted(table, head, direction) {
        const values = figures(table, head.cellIndex);
        const sign = direction === "ascending" ? 1 : -1;
        head.querySelector("button").click();
        const after = figures(table, head.cellIndex);
        return head.getAttribute("aria-sort") === direction &&
            all("[aria-sort]", table).length === 1 &&
            after.every((value, i) => i === 0 || sign * (value - after[i - 1]) >= 0) &&
            after.length === values.length &&
            after.every((value) => values.includes(value));
    }

    function sorting() {
        let columns = 0;
        for (const table of all("table.sortable"))
            for (const head of all("thead tr:last-child th.n", table)) {
                if (!figures(table, head.cellIndex))
                    continue;
                columns++;
                const directions = ["ascending", "descending"];
                if ("more" in head.dataset) // the most first, where more is better
                    directions.reverse();
                for (const direction of directions)
                    if (!sorted(table, head, direction))
                        return `${name(head)} is not ${direction}`;
            }
        return columns > 0 ? "as it says" : "no column can be sorted";
    }

    for (const details of all("details"))
        details.open = true;
    say("overflow", overflow());
    say("faint", faint());
    say("pictures", all("svg").filter((svg) =>
        svg.getBoundingClientRect().width > 300 && svg.getAttribute("aria-label")).length);
    say("fetched", performance.getEntriesByType("resource").length);
    say("sorting", sorting());
})();
