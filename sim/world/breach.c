/* SPDX-License-Identifier: MIT */
/* What a host does where its system under test breaks the contract: it writes that down, and goes
 * on as well as it can. Whoever judges it may stop the world. */
#include "host.h"

void host_breach(struct world *w, const struct replica *rep, enum breach rule, uint8_t peer,
                 uint64_t a, uint64_t b, uint64_t c)
{
    struct record *r = record_of(w, REC_BREACH, rep);
    rec_set_breach(r, (uint8_t)rule);
    r->peer = peer;
    r->term = rep->term;
    rec_set_detail_1(r, a);
    rec_set_detail_2(r, b);
    rec_set_detail_3(r, c);
    record_done(w);
}

bool host_may_return(uint8_t event, int rc)
{
    switch (rc) {
    case SUT_LIMIT: return true;
    case SUT_INVALID: return event == SUT_RECV;
    case SUT_NOT_LEADER: return event == SUT_PROPOSE || event == SUT_READ;
    case SUT_BUSY:
        return event == SUT_RECV || event == SUT_PROPOSE || event == SUT_READ ||
               event == SUT_CAMPAIGN;
    default: return false;
    }
}
