/* SPDX-License-Identifier: MIT */
/* Method: what a node is, and how reads were answered, is followed along the records of a second
 * run, up to the record at which the rule was broken. */
#include "signature.h"

#include <stdio.h>
#include <string.h>

enum { READS_KEPT = 256 };

struct signer {
    uint64_t wanted, records;            /* ordinals: the record at which it was broken; so far */
    uint8_t role[NODES_MAX + 1];          /* enum sut_role */
    bool down[NODES_MAX + 1];
    struct { uint64_t op; uint8_t path, role; } read[READS_KEPT];  /* the latest answers to reads */
    uint64_t reads;
    char deed[96];                       /* "send append-reply by follower" */
};

static const char *role_of(const struct signer *s, uint8_t node)
{
    if (node == 0 || is_client(node))
        return "client";
    return s->down[node] ? "down" : sut_role_name(s->role[node]);
}

static void follow(struct signer *s, const struct record *r)
{
    if (r->kind == REC_ROLE)
        s->role[r->node] = rec_role(r);
    if (r->kind == REC_BOOT)
        s->role[r->node] = SUT_FOLLOWER;
    if (r->kind == REC_BOOT || r->kind == REC_CRASH || r->kind == REC_HALT)
        s->down[r->node] = r->kind != REC_BOOT;
    if (r->kind != REC_READ)
        return;
    s->read[s->reads % READS_KEPT].op = rec_op(r);
    s->read[s->reads % READS_KEPT].path = rec_path(r);
    s->read[s->reads++ % READS_KEPT].role = s->role[r->node];
}

static const char *path_name(uint8_t path)
{
    static const char *const names[] = {"read-index", "lease", "the log"};
    return path < sizeof(names) / sizeof(names[0]) ? names[path] : "?";
}

/* What a client got: of a read also from whom it came. */
static void name_return(struct signer *s, const struct record *r)
{
    for (uint64_t i = s->reads; i > 0 && s->reads - i < READS_KEPT; i--) {
        if (s->read[(i - 1) % READS_KEPT].op != rec_op(r))
            continue;
        snprintf(s->deed, sizeof(s->deed), "return of a read, answered by %s by a %s",
                 path_name(s->read[(i - 1) % READS_KEPT].path),
                 sut_role_name(s->read[(i - 1) % READS_KEPT].role));
        return;
    }
    snprintf(s->deed, sizeof(s->deed), "return");
}

static void name_deed(struct signer *s, const struct record *r)
{
    const char *kind = record_kind_name(r->kind);
    const char *role = role_of(s, r->node);
    if (strcmp(record_class_name(r->kind), "message") == 0)
        snprintf(s->deed, sizeof(s->deed), "%s %s by %s", kind, msg_type_name(rec_type(r)), role);
    else if (r->kind == REC_READ)
        snprintf(s->deed, sizeof(s->deed), "read by %s by %s", path_name(rec_path(r)), role);
    else if (r->kind == REC_ROLE)
        snprintf(s->deed, sizeof(s->deed), "role %s by %s", sut_role_name(rec_role(r)), role);
    else if (r->kind == REC_RETURN)
        name_return(s, r);
    else
        snprintf(s->deed, sizeof(s->deed), "%s by %s", kind, role);
}

static void listen(void *ctx, const struct world *w, const struct record *r)
{
    struct signer *s = ctx;
    (void)w;
    if (++s->records == s->wanted)
        name_deed(s, r);
    if (!is_client(r->node))
        follow(s, r);
}

/* ", under unsafe-x, unsafe-y": those that are on at any node. */
static void add_options(const struct world_plan *plan, char out[SIGNATURE_BYTES])
{
    const char *between = ", under ";
    for (const struct option_row *o = plan->sut->options; o->name != NULL; o++) {
        bool on = false;
        for (uint32_t node = 1; node <= plan->nodes; node++)
            on = on || plan->sut_options[node][o->offset / sizeof(uint64_t)] != o->def;
        if (!on || strncmp(o->name, "unsafe-", 7) != 0)
            continue;
        size_t n = strlen(out);
        snprintf(out + n, SIGNATURE_BYTES - n, "%s%s", between, o->name);
        between = ", ";
    }
}

void signature_run(const struct run *run, struct arena *block, const struct result *first,
                   struct result *again, char out[SIGNATURE_BYTES])
{
    static struct signer s; /* large, and never two at a time */
    memset(&s, 0, sizeof(s));
    s.wanted = first->nviolations > 0 ? first->violation[0].second : 0;
    struct run second = *run;
    second.listener = listen;
    second.listener_ctx = &s;
    run_once(&second, block, again);
    if (!result_by_rule(first)) {
        signature_plain(first, scenario_path(run->scenario), out);
        return;
    }
    if (s.wanted == 0)
        snprintf(s.deed, sizeof(s.deed), "seen at the end");
    snprintf(out, SIGNATURE_BYTES, "%s: %s (way %03x)", first->check, s.deed,
             (unsigned)first->violation[0].way);
    add_options(scenario_plan(run->scenario, run->variant), out);
}

void signature_plain(const struct result *r, const char *path, char out[SIGNATURE_BYTES])
{
    const char *column = strrchr(r->where, ':');
    if (r->verdict == V_INCONCLUSIVE || r->verdict == V_SKIP)
        snprintf(out, SIGNATURE_BYTES, "%s: %.140s", r->check, r->detail);
    else if (column != NULL)
        snprintf(out, SIGNATURE_BYTES, "%s at %.*s", r->check, (int)(column - r->where), r->where);
    else
        snprintf(out, SIGNATURE_BYTES, "%s in %.140s", r->check, path);
}
