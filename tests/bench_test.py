#!/usr/bin/env python3
"""The benchmarks checked: what callgrind counted goes to the right room, and a limit bites; and the
live load's verdict."""

import importlib.machinery
import importlib.util
import pathlib
import sys
import unittest
from collections import Counter

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE.parent / 'bench'), str(HERE / 'soak')]
import instructions  # noqa: E402
import measure  # noqa: E402
import veth_load  # noqa: E402



def loaded(name):
    """A benchmark that is a program, as a module."""
    path = str(HERE.parent / 'bench' / name)
    loader = importlib.machinery.SourceFileLoader(name.replace('-', '_'), path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


SIPREC = loaded('siprec-run')
ROOMS = ['base', 'wire', 'intake', 'recording']
PROFILE = '''# callgrind format
events: Ir
ob=(1) /build/naklank
fl=(1) ../src/wire/rtp.cpp
fn=(1) nk::wire::parse_rtp(std::span<unsigned char const>)
10 100
fi=(2) ../src/base/bytes.h
+3 7
fi=(3) /usr/include/c++/12/bits/stl_algo.h
* 5
fe=(1)
-2 11
cob=(2) /usr/lib/libFLAC.so.12.0.0
cfi=(4) ???
cfn=(2) FLAC__go
calls=3 0
12 900

ob=(2)
fl=(4)
fn=(2)
0 400

ob=(1)
fl=(3)
fn=(3) void std::sort<nk::tap::Flow*>(nk::tap::Flow*)
5 20
fn=(4) nlohmann::dump()
6 30
fn=(5) nk::Digest::add(nk::wire::Frame const&)
6 2
'''


class SiprecLoad(unittest.TestCase):
    def test_a_figure_is_met_at_its_limit_and_missed_beyond_it(self):
        for value, is_met in ((100, True), (100.1, False)):
            self.assertEqual(SIPREC.Figure('CPU', value, most=100).is_met(), is_met)
        for value, is_met in ((196, True), (195.9, False)):
            self.assertEqual(SIPREC.Figure('calls', value, least=196).is_met(), is_met)
        self.assertTrue(SIPREC.Figure('calls', 1, least=2).line().endswith('MISSED'))

    def test_the_share_of_a_core_is_that_between_the_first_and_the_last_moment(self):
        moments = [SIPREC.Moment(at_s, {'receiving': 0.2 * at_s, 'nk-sealing': 0.1 * at_s}, 80.0)
                   for at_s in (10, 11, 15)]
        self.assertAlmostEqual(SIPREC.share(moments), 30)
        self.assertAlmostEqual(SIPREC.share(moments, 'nk-sealing'), 10)
        self.assertEqual(SIPREC.share(moments[:1]), 0)


class Rooms(unittest.TestCase):
    def setUp(self):
        self.counts = instructions.added_up(PROFILE.splitlines(), 'naklank', ROOMS)

    def test_own_lines_belong_to_their_room_and_so_do_the_library_lines_in_them(self):
        self.assertEqual(self.counts['wire'], 100 + 5 + 11)

    def test_an_inlined_line_belongs_to_the_room_it_was_written_in(self):
        self.assertEqual(self.counts['base'], 7 + 2)

    def test_what_a_called_function_cost_is_counted_with_that_function_alone(self):
        self.assertEqual(self.counts['libFLAC'], 400)
        self.assertEqual(sum(self.counts.values()), 100 + 7 + 5 + 11 + 400 + 20 + 30 + 2)

    def test_a_template_belongs_to_the_room_of_its_arguments(self):
        self.assertEqual(self.counts['intake'], 20)

    def test_code_of_no_room_is_others(self):
        self.assertEqual(self.counts['others'], 30)


class Limits(unittest.TestCase):
    def sentences(self, base, here):
        rows = instructions.compared(Counter(base), Counter(here), ROOMS, 0.02)
        return instructions.above(rows, 1.05)

    def test_names_the_room_above_the_limit(self):
        said = self.sentences({'wire': 1000, 'recording': 9000}, {'wire': 1060, 'recording': 9000})
        self.assertEqual(said, ['wire: 1.060 times the instructions of the base; '
                                'the limit is 1.05'])

    def test_says_nothing_below_the_limit(self):
        self.assertEqual(self.sentences({'wire': 1000, 'intake': 1000},
                                        {'wire': 1049, 'intake': 500}), [])

    def test_does_not_judge_what_is_small(self):
        self.assertEqual(self.sentences({'wire': 10, 'intake': 1000},
                                        {'wire': 19, 'intake': 1000}), [])

    def test_judges_what_has_become_large(self):
        self.assertIn('wire: 10.000 times', self.sentences({'wire': 10, 'intake': 1000},
                                                           {'wire': 100, 'intake': 1000})[0])

    def test_a_new_room_is_named(self):
        self.assertIn('wire: inf times', self.sentences({'intake': 1000},
                                                        {'wire': 100, 'intake': 1000})[0])

    def test_large_libraries_do_not_make_a_room_small(self):
        said = self.sentences({'wire': 10, 'intake': 100, 'libFLAC': 99_000},
                              {'wire': 20, 'intake': 100, 'libFLAC': 99_000})
        self.assertIn('wire: 2.000 times', said[0])

    def test_a_library_that_is_called_more_often_is_named(self):
        self.assertIn('libFLAC: 2.000 times', self.sentences({'wire': 10, 'libFLAC': 100},
                                                             {'wire': 10, 'libFLAC': 200})[0])


class Spread(unittest.TestCase):
    def test_is_the_least_the_middle_and_the_most(self):
        self.assertEqual(measure.spread([3.0, 1.0, 2.0]), (1.0, 2.0, 3.0))


class LiveLoad(unittest.TestCase):
    PLAN = {'at_once': 2, 'calls': 2, 'talk_s': 1.0, 'begin_over_s': 1.0}
    LEDGER = {'received': 200, 'lost': 0, 'late': 0, 'duplicate': 0, 'dropped_by_us': 0}
    WELL = {'sent': 230, 'received': 230, 'dropped': 0, 'kernel_drops': 0, 'recordings': 2,
            'ledger': LEDGER, 'tracks': [50] * 4, 'ring_percent': 50}

    def wrong(self, may_drop=False, ledger=None, **changed):
        found = {**self.WELL, **changed, 'ledger': {**self.LEDGER, **(ledger or {})}}
        return veth_load.wrong_in(found, self.PLAN, may_drop, 50)

    def says(self, sentence, **changed):
        self.assertTrue([said for said in self.wrong(**changed) if sentence in said], changed)

    def test_says_nothing_when_all_is_well(self):
        self.assertEqual(self.wrong(), [])

    def test_names_what_is_wrong(self):
        self.says('1 are not accounted for', received=229)
        self.says('1 recordings of 2 calls', recordings=1)
        self.says('1 of 4 tracks do not hold 50 packets', tracks=[50, 50, 49, 50])
        self.says('0 of 3 tracks', tracks=[50] * 3)
        self.says('3 packets were dropped by the recorder', received=227, dropped=3)
        self.says('2 by the cable', received=228, kernel_drops=2)
        self.says('the ring was 51 % full', ring_percent=51)
        self.says('1 late, and there was none', ledger={'late': 1})
        self.says('1 duplicate, and there was none', ledger={'duplicate': 1})

    def test_a_ledger_that_does_not_tell_the_truth_is_named_also_when_drops_are_allowed(self):
        self.says('no ledger says so', may_drop=True, received=227, dropped=3)
        self.says('4 dropped by us, of 3', may_drop=True, received=227, dropped=3,
                  ledger={'dropped_by_us': 4})
        self.says('3 lost on the way, where 0 were', may_drop=True, received=227, dropped=3,
                  ledger={'dropped_by_us': 3, 'lost': 3})

    def test_allowed_drops_that_a_ledger_tells_are_well(self):
        self.assertEqual(self.wrong(may_drop=True, received=227, dropped=3, ring_percent=100,
                                    tracks=[50, 50, 50, 47], ledger={'dropped_by_us': 3}), [])

    def test_plans_so_many_calls_that_the_asked_number_is_in_progress(self):
        plan = veth_load.planned(200, 600, 60)
        begun_a_second = plan['calls'] / plan['begin_over_s']
        self.assertAlmostEqual(begun_a_second * (60 + veth_load.SETUP_S), 200, delta=1)
        self.assertEqual(veth_load.planned(50, 5, 5)['calls'], 50)


if __name__ == '__main__':
    unittest.main()
