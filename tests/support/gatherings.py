"""What the routes of the meetings lead to."""

from tests.factories.meetings import MeetingFactory, MeetingGuestFactory, MeetingMinutesFactory, PlannedHireFactory


def meeting_rows(lot):
    """{target: row} of a meeting of this lot that was held, with its minutes."""
    meeting = MeetingFactory(lot=lot, held=True)
    return {
        "meeting": meeting,
        "guest": MeetingGuestFactory(meeting=meeting),
        "hire": PlannedHireFactory(meeting=meeting),
        "minutes": MeetingMinutesFactory(meeting=meeting),
    }
