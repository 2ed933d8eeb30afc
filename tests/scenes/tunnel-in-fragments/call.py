"""What the mirror packs is too large for its network: ERSPAN arrives in fragments, and the INVITE
inside was in fragments before."""

import net


def play(scene):
    put = scene.put
    packed = []

    def put_in_fragments(packet, at=None):
        packed.append(packet)
        gre = net.erspan_2(net.mirrored(packet), len(packed))[20:]
        for part in net.in_fragments(net.MIRROR, net.COLLECTOR, net.GRE, gre, 96, len(packed)):
            put(part, at)

    scene.put = put_in_fragments
    call = scene.call(*scene.pair())
    call.fragment_bytes = 200
    call.set_up()
    call.talk(2.0)
    call.hang_up()
