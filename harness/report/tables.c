/* tables.c - the articles' tables, as text and as Markdown: values in, text out.
 * SPDX-License-Identifier: MIT */
#include "report/tables.h"

#include "report/agreement.h"
#include "report/articles.h"
#include "report/latency.h"
#include "report/ranking.h"
#include "report/reading.h"
#include "report/setting.h"
#include "report/shifts.h"
#include "report/verdicts.h"

void tables_write(FILE *out, enum format format, const struct run *run,
                  const struct summary *summary)
{
    struct page page = {.out = out, .format = format};

    setting_introduce(&page, run, summary);
    setting_write(&page, run, 2);
    page_heading(&page, 2, "By requests per second, and by CPU per request");
    verdict_floors(&page, summary);
    ranking_write(&page, summary);
    if (articles_apply(run))
        page_heading(&page, 2, "The articles' systems, then and today");
    articles_write(&page, run, summary);
    page_heading(&page, 2, "Connection times and percentiles");
    latency_write(&page, summary);
    if (summary->shift_count > 0)
        page_heading(&page, 2, "From %s to %s", run->suite.compare_from,
                     run->suite.compare_to);
    shifts_say(&page, run, summary);
    shifts_write(&page, run, summary);
    if (agreement_applies(summary)) {
        page_heading(&page, 2, "Do the tools agree?");
        agreement_write(&page, summary);
    }
    page_heading(&page, 2, "How to read this");
    reading_write(&page, run, summary);
}
