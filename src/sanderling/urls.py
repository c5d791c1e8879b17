"""Every address of the desk."""

from __future__ import annotations

from django.urls import path

from sanderling.web import (
    acts,
    deck,
    desk,
    hooks,
    judging,
    networks,
    signing_in,
    troubles,
    writing,
)

urlpatterns = [
    path("", desk.home),
    path("signin/", signing_in.sign_in),
    path("signout/", signing_in.sign_out),
    path("desk/", desk.desk),
    path("desk/rows", desk.rows),
    path("desk/next/", acts.take_next),
    path("badges", desk.badges),
    path("case/<int:case_id>/", desk.case),
    path("case/<int:case_id>/pane", desk.pane),
    path("case/<int:case_id>/head", desk.head),
    path("case/<int:case_id>/timeline", desk.timeline),
    path("case/<int:case_id>/row", desk.row),
    path("case/<int:case_id>/why", desk.why),
    path("case/<int:case_id>/assign/", acts.assign),
    path("case/<int:case_id>/snooze/", acts.snooze),
    path("case/<int:case_id>/resolve/", acts.resolve),
    path("case/<int:case_id>/reopen/", acts.reopen),
    path("case/<int:case_id>/draft/", writing.draft),
    path("case/<int:case_id>/send/", writing.send),
    path("case/<int:case_id>/outgoing/<int:outgoing_id>/", writing.outgoing),
    path("hooks/<int:account_id>", hooks.hook),
    path("networks/", networks.networks),
    path("networks/connect/<slug:network>/", networks.connect),
    path("networks/connect/<slug:network>/elsewhere", networks.elsewhere),
    path("networks/connect/<slug:network>/finish/", networks.finish),
    path("networks/back/<slug:network>", networks.back),
    path("networks/<int:account_id>/disconnect/", networks.disconnect),
    path("networks/<int:account_id>/budget/", networks.budget),
    path("networks/<int:account_id>/team/", networks.team),
    path("judgement/", judging.judgement),
    path("judgement/posts/<int:post_id>/", judging.page),
    path("judgement/posts/<int:post_id>/verdict", judging.part),
    path("judgement/posts/<int:post_id>/correct/", judging.correct),
    path("judgement/layers/roll-back/", judging.roll_back),
    path("judgement/topics/", judging.add_topic),
    path("judgement/topics/<int:topic_id>/change/", judging.change_topic),
    path("judgement/topics/<int:topic_id>/remove/", judging.remove_topic),
    path("deck/", deck.deck),
    path("deck/columns/", deck.add),
    path("deck/columns/<int:column_id>", deck.posts),
    path("deck/columns/<int:column_id>/change/", deck.change),
    path("deck/columns/<int:column_id>/move/", deck.move),
    path("deck/columns/<int:column_id>/remove/", deck.remove),
    path("deck/posts/<int:post_id>/case/", deck.make_case),
]

handler400 = troubles.bad_request
handler403 = troubles.refused
handler404 = troubles.not_found
handler500 = troubles.broken
