/* summary_json.c - what came out of a run, for programs: summary.json.
 * SPDX-License-Identifier: MIT */
#include "report/summary_json.h"

#include "report/figures.h"

#include <math.h>

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

/* A text of the record is UTF-8; what is not becomes null. */
static json_t *text(const char *value)
{
    json_t *json = value ? json_string(value) : NULL;
    return json ? json : json_null();
}

static json_t *machine_to_json(const struct run *run)
{
    json_t *json = json_object();
    for (size_t i = 0; i < run->machine_count; i++)
        json_object_set_new(json, run->machine[i].name, text(run->machine[i].value));
    return json;
}

static json_t *loads_to_json(const struct run *run)
{
    json_t *array = json_array();
    for (size_t i = 0; i < run->suite.load_count; i++) {
        const struct load *load = &run->suite.loads[i];
        json_t *json = json_object();
        json_object_set_new(json, "name", text(load->name));
        json_object_set_new(json, "title", text(load->title));
        json_object_set_new(json, "tool", text(load->tool));
        json_object_set_new(json, "path", text(load->path));
        json_object_set_new(json, "requests", json_integer(load->requests));
        json_object_set_new(json, "seconds", number(load->seconds));
        json_object_set_new(json, "concurrency", json_integer(load->concurrency));
        json_object_set_new(json, "keepalive", json_boolean(load->keepalive));
        json_object_set_new(json, "clients",
                            json_integer(load->clients > 1 ? load->clients : 1));
        json_object_set_new(json, "slice_requests",
                            json_integer(run->slicings[i].requests));
        json_object_set_new(json, "blocks", json_integer(run->slicings[i].blocks));
        json_array_append_new(array, json);
    }
    return array;
}

static json_t *servers_to_json(const struct run *run)
{
    json_t *array = json_array();
    for (size_t i = 0; i < run->server_count; i++) {
        const struct run_server *server = &run->servers[i];
        json_t *json = json_object();
        json_object_set_new(json, "name", text(server->name));
        json_object_set_new(json, "about", text(server->about));
        json_object_set_new(json, "sha256", text(server->sha256));
        json_object_set_new(json, "control_of", text(server->control_of));
        json_object_set_new(json, "missing", text(server->missing));
        json_array_append_new(array, json);
    }
    return array;
}

static json_t *floor_to_json(const struct noise_floor *noise_floor)
{
    json_t *json = json_object();
    json_object_set_new(json, "ratio", interval_to_json(noise_floor->ratio));
    json_object_set_new(json, "delta", number(noise_floor->delta));
    json_object_set_new(json, "trustworthy", json_boolean(noise_floor->trustworthy));
    return json;
}

static json_t *disturbance_to_json(const struct disturbance *sum)
{
    json_t *json = json_object();
    json_object_set_new(json, "foreign_cores", number(sum->foreign_s / sum->seconds));
    json_object_set_new(json, "stolen_cores", number(sum->steal_s / sum->seconds));
    return json;
}

static void add_table(json_t *figures, json_t *failures, const struct table *table)
{
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct cell *cell = &table->cells[i];
        json_array_append_new(figures, figures_to_json(cell));
        if (!cell->failed || !table->load)
            continue;
        json_t *failure = json_object();
        json_object_set_new(failure, "table", text(table->load->name));
        json_object_set_new(failure, "server", text(cell->server->name));
        json_object_set_new(failure, "reason", text(cell->reason));
        json_array_append_new(failures, failure);
    }
}

static void set_run(json_t *json, const struct run *run)
{
    json_object_set_new(json, "version", json_integer(1));
    json_object_set_new(json, "suite", text(run->suite.name));
    json_object_set_new(json, "started", text(run->started));
    json_object_set_new(json, "finished", json_boolean(run->finished));
    json_object_set_new(json, "wall_s", number(run->wall_s));
    json_object_set_new(json, "seed", json_integer((json_int_t)run->seed));
    json_object_set_new(json, "trials", json_integer(run->trials_each));
    json_object_set_new(json, "rounds", json_integer(run->rounds));
    json_object_set_new(json, "machine", machine_to_json(run));
    json_object_set_new(json, "loads", loads_to_json(run));
    json_object_set_new(json, "servers", servers_to_json(run));
}

void summary_json_write(FILE *out, const struct report *report)
{
    const struct summary *summary = report->summary;
    json_t *json = json_object(), *figures = json_array(), *failures = json_array();
    set_run(json, report->run);
    json_object_set_new(json, "noise_floor",
                        floor_to_json(&summary->floors[QUANTITY_CPU]));
    json_object_set_new(json, "disturbance", disturbance_to_json(&summary->disturbance));
    for (size_t i = 0; i < summary->table_count; i++)
        add_table(figures, failures, &summary->tables[i]);
    add_table(figures, failures, &summary->overall);
    json_object_set_new(json, "figures", figures);
    json_object_set_new(json, "failures", failures);
    json_dumpf(json, out, JSON_INDENT(1) | JSON_REAL_PRECISION(7));
    fputc('\n', out);
    json_decref(json);
}
