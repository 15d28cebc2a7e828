"""Personal data, the requests of persons and the time things are kept: one line per route."""

from tests.support.access.rules import EVERYONE, FE, F, P, Rule

BOTH = {F, P}
ROUTES = {
    "participants:processing_register": Rule(get=EVERYONE),
    "participants:privacy_notice": Rule(get=EVERYONE),
    "participants:privacy_notice_pdf": Rule(get=EVERYONE),
    "participants:retention": Rule(get={P}),
    "participants:data_requests": Rule(get={F, FE, P}),
    "participants:data_request_create": Rule(get={F, FE, P}, post={F, FE, P}),
    "participants:data_request": Rule(get=BOTH, see=BOTH, target="data_request"),
    "participants:data_request_identity": Rule(post=BOTH, see=BOTH, target="data_request"),
    "participants:data_request_extend": Rule(get={P}, post={P}, see=BOTH, target="data_request"),
    "participants:data_request_answer": Rule(get={P}, post={P}, see=BOTH, target="data_request"),
    "participants:person_privacy": Rule(get=BOTH, see=BOTH, target="person"),
    "participants:data_request_of_person": Rule(get=BOTH, post=BOTH, see=BOTH, target="person"),
    "participants:access_export_ask": Rule(post=BOTH, see=BOTH, target="person"),
    "participants:hold_place": Rule(get={P}, post={P}, see={P}, target="person"),
    "participants:hold_release": Rule(post={P}, see={P}, target="hold"),
    "participants:person_anonymise": Rule(get={P}, post={P}, see={P}, target="person"),
    "participants:person_restore": Rule(post={P}, see={P}, target="person"),
    "participants:opposition_lift": Rule(post={P}, see={P}, target="person"),
    "participants:limitation_lift": Rule(post={P}, see={P}, target="person"),
    "participants:access_export": Rule(get={F}, see={F}, target="access_export"),
    "participants:access_export_progress": Rule(get={F}, see={F}, target="access_export"),
    "participants:access_export_take": Rule(post={F}, see={F}, target="access_export"),
}
