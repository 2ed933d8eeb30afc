#!/usr/bin/env python3
"""The checkers checked: each rule of tools/rooms.py and tools/house.py is broken once and must
say so."""

import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'tools'))
import house  # noqa: E402
import rooms  # noqa: E402

MAP = 'base :          # the ground\nwire : base\nhost : base\napp  : base wire host\n'


class Checker(unittest.TestCase):
    def check(self, checker, files, room_map=MAP):
        """Runs a checker over a made-up tree; gives (exit code, what it printed)."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in {'tools/rooms.txt': room_map, **files}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            (root / 'src').mkdir(exist_ok=True)
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                code = checker.main(root)
            return code, said.getvalue()

    def refuses(self, checker, name, text, sentence, **options):
        code, said = self.check(checker, {name: text}, **options)
        self.assertIn(sentence, said)
        self.assertEqual(code, 1)

    def accepts(self, checker, name, text):
        code, said = self.check(checker, {name: text})
        self.assertEqual(code, 0, said)


class Rooms(Checker):
    def test_takes_an_include_that_looks_back(self):
        self.accepts(rooms, 'src/wire/rtp.cpp', '#include "wire/rtp.h"\n#include "base/bytes.h"\n')

    def test_refuses_an_include_that_looks_forward(self):
        self.refuses(rooms, 'src/base/a.cpp', '#include "wire/rtp.h"\n',
                     'src/base/a.cpp:1: base may not look into wire')

    def test_refuses_an_include_without_its_room(self):
        self.refuses(rooms, 'src/wire/a.cpp', '\n#include "rtp.h"\n',
                     'src/wire/a.cpp:2: include by room path')

    def test_refuses_another_rooms_private_folder(self):
        self.refuses(rooms, 'src/app/a.cpp', '#include "wire/detail/x.h"\n',
                     'wire/detail is private')

    def test_refuses_a_room_that_is_not_on_the_map(self):
        self.refuses(rooms, 'src/util/a.h', '', 'room util is not on the map')

    def test_refuses_a_map_that_looks_forward(self):
        self.refuses(rooms, 'src/base/a.h', '', 'base may not list wire',
                     room_map='base : wire\nwire : base\n')

    def test_refuses_a_map_with_an_unknown_room(self):
        self.refuses(rooms, 'src/base/a.h', '', 'base may not list cellar',
                     room_map='base : cellar\n')


class House(Checker):
    def test_refuses_each_forbidden_word(self):
        for line, instead in (
                ('auto t = std::chrono::system_clock::now();', 'take a Clock&'),
                ('auto t = time(nullptr);', 'take a Clock&'),
                ('clock_gettime(CLOCK_REALTIME, &ts);', 'take a Clock&'),
                ('std::this_thread::sleep_for(d);', 'wait on the Clock&'),
                ('std::mt19937 chance;', 'take a Random&'),
                ('std::thread t;', 'post to a Strand'),
                ('auto* p = new Thing;', 'use make_unique'),
                ('delete p;', 'use make_unique'),
                ('std::cout << 1;', 'use log::'),
                ('getenv("HOME");', 'take it from Options'),
                ('strcpy(a, b);', 'use std::string'),
                ('int a;  /* FIXME */', 'finish it')):
            with self.subTest(line):
                self.refuses(house, 'src/wire/a.cpp', line + '\n', instead)

    def test_lets_host_open_the_door(self):
        self.accepts(house, 'src/host/a.cpp',
                     'auto t = std::chrono::system_clock::now();\nstd::thread t;\n')

    def test_lets_no_room_delete(self):
        for room in ('host', 'app'):
            with self.subTest(room):
                self.refuses(house, f'src/{room}/a.cpp', 'delete p;\n', 'use make_unique')

    def test_does_not_read_comments(self):
        self.accepts(house, 'src/wire/a.cpp', '// a new thing, printf\n')

    def test_does_not_mind_a_deleted_copy(self):
        self.accepts(house, 'src/wire/a.h', 'A(const A&) = delete;\n')

    def test_leaves_tests_alone(self):
        self.accepts(house, 'src/wire/a_test.cpp', 'std::mt19937 chance;\n')

    def test_refuses_a_long_line(self):
        self.accepts(house, 'src/wire/a.h', 'x' * 100 + '\n')
        self.refuses(house, 'src/wire/a.h', 'x' * 101 + '\n', 'src/wire/a.h:1: line is 101 columns')

    def test_refuses_a_long_file(self):
        self.accepts(house, 'src/wire/a.h', '\n' * 800)
        self.refuses(house, 'src/wire/a.h', '\n' * 801, '801 lines')


if __name__ == '__main__':
    unittest.main()
