/* svg_test.c - gnuplot's SVG made fit for a page: ids of its own, a label, no titles.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "render/svg.h"

#include <stdlib.h>

static const struct {
    const char *drawn, *adopted;
} svgs[] = {
    {"<?xml version=\"1.0\"?>\n<svg \n viewBox='0 0 9 "
     "9'\n>\n<title>Gnuplot</title>\n</svg>",
     "<svg role=\"img\" aria-label=\"a &#60;b&#62; &#38; &#34;c&#34;\" \n viewBox='0 0 9 "
     "9'\n>\n\n</svg>"},
    {"<svg><g id=\"one\" ><title>x</title><path id='two' fill = 'url(#two)'/></g></svg>",
     "<svg role=\"img\" aria-label=\"a &#60;b&#62; &#38; &#34;c&#34;\"><g id=\"p-one\" "
     "><path "
     "id='p-two' fill = 'url(#p-two)'/></g></svg>"},
    {"<svg><use xlink:href='#two'/><text>id='x' url(#y)</text></svg>",
     "<svg role=\"img\" aria-label=\"a &#60;b&#62; &#38; &#34;c&#34;\"><use "
     "xlink:href='#p-two'/><text>id='x' url(#y)</text></svg>"},
    {"<svg><g id='cut", "<svg role=\"img\" aria-label=\"a &#60;b&#62; &#38; "
                        "&#34;c&#34;\"><g id='p-cut"},
    {"", ""},
};

static void svg_test(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof svgs / sizeof *svgs; i++) {
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        assert_non_null(out);
        svg_write(out, svgs[i].drawn, "p", "a <b> & \"c\"");
        assert_int_equal(fclose(out), 0);
        assert_string_equal(text, svgs[i].adopted);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(svg_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
