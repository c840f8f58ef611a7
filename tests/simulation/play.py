"""Play the story of a seed, or what is left of it when all is left out that it fails without."""

from simulation.laws import laws_in_force
from simulation.played import Played
from simulation.player import Player
from simulation.stage import CALM, CROWDED, LOSSY, ROUGH, WILD, Weather
from simulation.story import Story
from simulation.teller import story_of

WEATHERS = (CALM, CROWDED, ROUGH, LOSSY, WILD)


def play(seed: int, weather: Weather | None = None, story: Story | None = None) -> Played:
    story = story or story_of(seed)
    with laws_in_force(story.begins):
        return Player(story, weather or WEATHERS[seed % len(WEATHERS)]).play()


def shortest(seed: int, weather: Weather | None = None) -> Played:
    """The failing story with all left out that it fails without: whole subjects, then events."""
    failed = play(seed, weather)
    for subject in failed.story.subjects:
        failed = _still_failing(failed, failed.story.without_subject(subject), weather)
    for event in failed.story.events:
        failed = _still_failing(failed, failed.story.without_event(event), weather)
    return failed


def _still_failing(failed: Played, less: Story, weather: Weather | None) -> Played:
    played = play(failed.story.seed, weather, less)
    return played if played.differences else failed
