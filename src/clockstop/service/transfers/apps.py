from django.apps import AppConfig


class TransfersConfig(AppConfig):
    name = "clockstop.service.transfers"
    label = "transfers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What others do is listened for."""
        from clockstop.service.intake.signals import extract_written
        from clockstop.service.messaging import standing
        from clockstop.service.pathways.signals import death_noted, pathway_changed, pathways_held
        from clockstop.service.transfers.actions import locking
        from clockstop.service.transfers.actions.asking import closing
        from clockstop.service.transfers.actions.asking import telling as asking
        from clockstop.service.transfers.actions.moving import stopping, telling
        from clockstop.service.transfers.actions.renewing import follow_import, follow_pathway
        from clockstop.service.transfers.deaths import close_requests
        from clockstop.service.transfers.following import follow_aid
        from clockstop.service.transfers.signals import aid_stepped, patient_request_stepped

        pathways_held.connect(locking.hold_what_follows, dispatch_uid="transfers")
        death_noted.connect(close_requests, dispatch_uid="aid requests")
        aid_stepped.connect(stopping.stop_transfer, dispatch_uid="transfers")
        pathway_changed.connect(stopping.follow_clock, dispatch_uid="transfers")
        pathway_changed.connect(follow_pathway, dispatch_uid="aid requests")
        extract_written.connect(follow_import, dispatch_uid="aid requests")
        extract_written.connect(stopping.complete_stopped, dispatch_uid="transfers")
        standing.answers_for(telling.ABOUT, telling.still_holds)
        death_noted.connect(closing.close_after_death, dispatch_uid="patient requests")
        pathway_changed.connect(closing.follow_pathway, dispatch_uid="patient requests")
        aid_stepped.connect(follow_aid, dispatch_uid="patient requests")
        patient_request_stepped.connect(asking.tell_of_step, dispatch_uid="patient requests")
        for kind, asked in asking.ANSWERS.items():
            standing.answers_for(kind, asked)
