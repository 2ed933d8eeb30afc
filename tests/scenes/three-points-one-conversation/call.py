"""One conversation seen at three points: three dialogs that carry one Session-ID (RFC 7989), and
the media relayed from one to the next, a little later each time."""

import scene as stage
import sound

ONE = 'ab30317f1a784dc48ff824d0d3715d86'
TWO = '47755a9de7794ba387653f2099600ef2'


def play(scene):
    ann, bob = scene.pair()
    edge, core = scene.phone('edge', '192.0.2.1'), scene.phone('core', '198.51.100.1')
    said = [sound.Glide(seed).next(8000 * 3, 8000) for seed in 'ab']
    calls = []
    for caller, callee in ((ann, edge), (edge, core), (core, bob)):
        call = scene.call(caller._replace(number=ann.number), callee._replace(number=bob.number),
                          headers=[('Session-ID', f'{ONE};remote={TWO}')])
        call.a.voice, call.b.voice = map(sound.Samples, said)
        calls.append(call)
        call.invite()
    for call in reversed(calls):
        call.ring(0.01)
    for call in reversed(calls):
        call.answer()
    for hop, call in enumerate(calls):
        call.a.speak(3.0, scene.now + stage.ns(0.002 * hop))
        call.b.speak(3.0, scene.now + stage.ns(0.002 * (2 - hop)))
    scene.wait(3.0)
    for call in calls:
        call.hang_up()
