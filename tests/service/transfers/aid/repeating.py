"""One message of a program that arrives many times at once.

The commands are those of ``tests.service.directory.rushing``; a message is called by its number.
"""

from tests.service.directory.rushing import main, rushed


def prepare(number):
    """Pathways for which nobody has asked for help yet."""
    from tests.service.transfers.made_up import waits

    for _ in range(number):
        waits()
    return list(range(number))


def rush(messages, times):
    """Each message as often as that: who acts has won, who is told the same has it taken."""
    from tests.service.transfers.made_up import a_manager

    from clockstop.service.pathways.models import Pathway

    held = list(Pathway.objects.order_by("identifier").values_list("pk", flat=True))
    actor = a_manager()
    return {
        each: rushed([_sending(actor, f"message {each}", held[each]) for _ in range(times)])
        for each in messages
    }


def _sending(actor, key, pathway):
    from clockstop.service.transfers.actions import aid
    from clockstop.service.transfers.actions.once import once
    from clockstop.service.transfers.models import AidRequest

    def attempt():
        acted = []

        def act():
            acted.append(aid.create(actor=actor, pathway_id=pathway).reference)
            return acted[0]

        told = once(actor=actor, key=key, digest="the same", act=act)
        made = AidRequest.objects.values_list("reference", flat=True).get(pathway=pathway)
        if told != made:
            return f"told {told} of {made}"
        return "won" if acted else "taken"

    return attempt


if __name__ == "__main__":
    main(prepare, rush)
