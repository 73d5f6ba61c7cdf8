/* SPDX-License-Identifier: MIT */
/* wavetank trace: one run, played into a sink. The run's own verdict goes to stderr; the exit code
 * is 0 unless writing failed. */
#include <string.h>

#include "../trace/sink.h"
#include "cli.h"

static int unknown_sink(const char *name)
{
    const char *names[32] = {0};
    for (size_t i = 0; i < 31 && sinks[i].name != NULL; i++)
        names[i] = sinks[i].name;
    const char *near = nearest(name, names);
    return usage_error("--to %s: no such form%s%s%s; see wavetank list sinks", name,
                       near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

int cmd_trace(const struct request *q)
{
    static struct result result;
    struct suite suite;
    const char *sink = q->to != NULL ? q->to : "text";
    if (sink_by_name(sink) == NULL)
        return unknown_sink(sink);
    int code = suite_load_one(&suite, q);
    struct arena *block = code == EXIT_OK ? must_block() : NULL;
    if (code != EXIT_OK) {
        suite_free(&suite);
        return code;
    }
    FILE *out = q->output != NULL ? open_to_write(q->output) : stdout;
    if (out == NULL) {
        suite_free(&suite);
        return EXIT_USAGE;
    }
    const struct item *item = &suite.items[0];
    struct told told = told_of(item, q, &result);
    struct run run = item_run(item, q, item_seed(item, q));
    bool ok = print_trace(out, sink, &run, &told, block, &result);
    if (ok)
        print_last_line(stderr, &told);
    else if (out != stdout)
        code = write_failed(q->output); /* of stdout, main() says so */
    if (out != stdout)
        fclose(out);
    suite_free(&suite);
    return code;
}
