/* SPDX-License-Identifier: MIT */
/* Which messages are meant, by what stands in their labels. */
#include "surgery.h"

bool compare_holds(uint64_t a, enum compare how, uint64_t b)
{
    switch (how) {
    case CMP_EQ: return a == b;
    case CMP_NE: return a != b;
    case CMP_LE: return a <= b;
    case CMP_LT: return a < b;
    case CMP_GE: return a >= b;
    case CMP_GT: return a > b;
    }
    return false;
}

static bool is_party(const struct party *p, uint8_t actor)
{
    if (!p->nodes && !p->client)
        return true;
    return is_client(actor) ? actor == p->client : actor && (p->nodes & NODE_BIT(actor));
}

bool label_matches(const struct label_match *m, const struct msg_label *l)
{
    if ((m->type && m->type != l->type) || !is_party(&m->from, l->from) || !is_party(&m->to, l->to))
        return false;
    if (m->group && m->group != l->group + 1u)
        return false;
    if (m->answer && (m->answer == ANSWER_REJECT) != ((l->flags & LABEL_REJECT) != 0))
        return false;
    for (uint32_t i = 0; i < m->ntests; i++)
        if (!compare_holds(label_field(l, m->test[i].field), m->test[i].compare, m->test[i].number))
            return false;
    return true;
}
