"""A careless system uses one Call-ID for two calls that overlap; their tags tell them apart."""


def play(scene):
    first = scene.call(*scene.pair(), call_id='same@example.invalid')
    second = scene.call(scene.phone('+31201112222', '192.0.2.30'),
                        scene.phone('+31203334444', '198.51.100.40'),
                        call_id='same@example.invalid')
    first.set_up()
    first.talk(1.0)
    second.set_up()
    first.talk(2.0)
    second.talk(2.0)
    first.hang_up()
    second.hang_up()
