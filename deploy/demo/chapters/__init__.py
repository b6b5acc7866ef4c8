"""The story of one family, a file per turn."""

from deploy.demo.chapters import assessing, intake, local_offer, meeting, proof, rights, triage

CHAPTERS = (
    intake.the_schools_send_their_files,
    intake.a_lead_asks_for_help,
    triage.the_mash_decides,
    assessing.the_family_agrees,
    assessing.agencies_assess_together,
    assessing.a_plan_for_the_whole_family,
    meeting.the_network_meets,
    meeting.an_agreement_is_withdrawn,
    local_offer.a_local_service_joins_the_plan,
    local_offer.a_listing_is_put_right,
    rights.the_mother_asks_for_a_copy,
    rights.a_birthday_is_put_right,
    rights.an_erasure_is_refused_in_part,
    proof.who_looked,
)
