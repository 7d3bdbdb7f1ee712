/* tables.c - the articles' tables, as text and as Markdown: values in, text out.
 * SPDX-License-Identifier: MIT */
#include "report/tables.h"

#include "report/agreement.h"
#include "report/latency.h"
#include "report/ranking.h"
#include "report/reading.h"
#include "report/setting.h"
#include "report/shifts.h"

void tables_write(FILE *out, enum format format, const struct run *run,
                  const struct summary *summary)
{
    struct page page = {.out = out, .format = format};

    setting_write(&page, run, summary);
    ranking_write(&page, summary);
    latency_write(&page, summary);
    shifts_write(&page, run, summary);
    agreement_write(&page, summary);
    reading_write(&page, run, summary);
}
