#pragma once
// Every queue, table, body, header count and wait has its limit here, by name. When one bites, the
// call it hits carries an oddity that says so; a limit never ends a call silently.

#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace nk::limits {

inline constexpr std::size_t packets_at_once = 16;  // that are waited for together

// SIP and SDP
inline constexpr std::size_t sip_message_bytes_max = 65'535;
inline constexpr std::size_t sip_body_passed_over_max = 16 * 1024 * 1024;  // of one too large
inline constexpr std::size_t sip_start_line_bytes_max = 8'192;             // in a stream
inline constexpr std::size_t sip_junk_lines_max = 8;  // in front of a start line
inline constexpr std::size_t sip_headers_max = 256;
inline constexpr std::size_t sip_body_parts_max = 16;
inline constexpr std::size_t sip_body_nesting_max = 4;
inline constexpr std::size_t sip_stream_bytes_max = 2 * sip_message_bytes_max;
inline constexpr std::size_t sip_stream_skipped_bytes_max = 64 * 1024;
inline constexpr std::size_t sdp_lines_max = 1'024;
inline constexpr std::size_t sdp_media_max = 32;
inline constexpr std::size_t sdp_formats_max = 128;
inline constexpr std::size_t sdp_crypto_max = 16;      // a=crypto lines of a medium
inline constexpr std::size_t sdp_crypto_keys_max = 4;  // of a line
inline constexpr std::size_t faults_max = 16;

// Recording metadata
inline constexpr std::size_t rs_metadata_bytes_max = sip_message_bytes_max;
inline constexpr std::size_t rs_nodes_max = 16'384;  // elements and texts
inline constexpr std::size_t rs_nesting_max = 16;
inline constexpr std::size_t rs_attributes_max = 32;   // of an element
inline constexpr std::size_t rs_text_bytes_max = 512;  // kept of each id, name, path
inline constexpr std::size_t rs_names_max = 16;        // of a participant
inline constexpr std::size_t rs_extensions_max = 512;
inline constexpr std::size_t rs_entries_max = 512;  // of each kind, in a document
inline constexpr std::size_t rs_flows_max = 2'048;  // send and recv of a document
inline constexpr std::size_t rs_ids_max = 1'024;    // of participants, in the course of a call

// SIP transactions, of requests that come in and of ours
inline constexpr std::size_t sip_transactions_max = 200'000;
inline constexpr std::size_t sip_transactions_bytes_max = 256 * 1024 * 1024;  // kept to send again
inline constexpr Nanos sip_answer_wait = minutes(3);  // for our own answer, which never takes long

// IP and TCP
inline constexpr std::size_t fragment_sets_max = 4'096;
inline constexpr std::size_t fragment_bytes_max = 65'535;
inline constexpr std::size_t fragment_table_bytes_max = 16 * 1024 * 1024;
inline constexpr Nanos fragment_wait = seconds(30);
inline constexpr Nanos fragment_repeat_wait =
    seconds(1);  // so long the copies of joined fragments are known as copies
inline constexpr std::size_t tcp_flows_max = 16'384;
inline constexpr std::size_t tcp_out_of_order_bytes_max = 256 * 1024;
inline constexpr std::size_t tcp_table_bytes_max = 32 * 1024 * 1024;  // out of order, all flows
inline constexpr std::size_t tcp_segments_past_hole_max = 64;
inline constexpr Nanos tcp_hole_wait = seconds(5);
inline constexpr std::uint32_t tcp_window_bytes_max =
    64 * 1024 * 1024;  // a sequence number farther off is of another connection
inline constexpr std::size_t tunnels_deep_max = 6;

// TLS, when a key log is given
inline constexpr std::size_t tls_record_bytes_max = 16 * 1024 + 2'048;  // RFC 5246 6.2.3
inline constexpr std::size_t tls_hello_bytes_max = 64 * 1024;
inline constexpr std::size_t tls_connections_max = 8'192;
// What waits for its key or for the other side's hello, of one side and of all.
inline constexpr std::size_t tls_waiting_bytes_max = 256 * 1024;
inline constexpr std::size_t tls_waiting_bytes_of_all_max = 32 * 1024 * 1024;
inline constexpr std::size_t tls_early_records_max = 64;  // RFC 8446 2.3; they are passed over
// Behind a hole: how many records may be lost in it, and how much is tried before giving up.
inline constexpr std::size_t tls_lost_records_max = 1'024;
inline constexpr std::size_t tls_tries_behind_hole_max = 16;
inline constexpr std::size_t tls_tried_bytes_max = 16 * 1024 * 1024;  // decrypted in trying
inline constexpr std::size_t tls_key_log_clients_max = 100'000;       // ClientRandoms with a secret
inline constexpr std::uint64_t tls_key_log_bytes_max = 64ULL * 1024 * 1024;  // read at one time
inline constexpr std::size_t tls_key_log_line_bytes_max = 512;
inline constexpr Nanos tls_key_log_every = seconds(1);  // that a log which grows is read again

// The SIPREC door
inline constexpr std::size_t rs_streams_max = 64;           // of a session's metadata
inline constexpr std::size_t port_tries_max = 64;           // of ports that others may have
inline constexpr Nanos media_port_rest = seconds(10);       // at least, before it is used again
inline constexpr Nanos media_source_silent = seconds(2);    // before another may send
inline constexpr Nanos receiver_report_every = seconds(5);  // RFC 3550 6.2
inline constexpr Nanos siprec_silence = seconds(60);        // no media: is the client there?
inline constexpr Nanos nonce_age = minutes(5);              // of digest authentication
inline constexpr Nanos refresh_retry_wait = seconds(30);    // after a refresh that was refused
inline constexpr Nanos siprec_out_of_reach_max = std::chrono::hours(1);  // silent, no connection
inline constexpr std::uint64_t complaints_in_a_minute = 60;  // lines in the log about strangers
inline constexpr Nanos session_timer_min = seconds(90);      // RFC 4028 5
inline constexpr Nanos pause_max = minutes(30);              // then recording goes on by itself
inline constexpr std::size_t pauses_remembered_max = 8;      // that are over: packets are late
inline constexpr std::size_t media_addresses_max = 64;       // told in the course of a call

// Calls
inline constexpr std::size_t calls_max = 200'000;
inline constexpr std::size_t calls_per_call_id_max = 64;    // one Call-ID, other tags
inline constexpr std::size_t branches_per_call_max = 64;    // to-tags of a forked INVITE
inline constexpr std::size_t endpoints_per_call_max = 256;  // ports a call may have named
inline constexpr std::size_t kept_text_bytes_max = 512;     // of each name, number, detail
inline constexpr std::size_t endpoints_max = 2'000'000;
inline constexpr std::size_t uses_per_track_max = 256;  // meanings of payload types
inline constexpr std::size_t flows_max = 300'000;
inline constexpr std::size_t parties_max = 16;
inline constexpr std::size_t oddities_per_call_max = 64;
inline constexpr std::size_t events_per_call_max = 1'000;
inline constexpr std::size_t key_presses_per_call_max = 1'000;
inline constexpr std::size_t documents_per_call_max = 64;               // metadata, as it came
inline constexpr std::size_t document_bytes_per_call_max = 256 * 1024;  // of all of them
inline constexpr Nanos drain_wait = seconds(2);  // what a live line already sent is still heard
inline constexpr Nanos call_silent_max =
    hours(2);  // neither SIP nor media for so long: the BYE was lost
inline constexpr Nanos bare_media_silent_max =
    minutes(2);  // the same for media that no signalling named
inline constexpr Nanos attempt_open_max = minutes(5);  // an INVITE that nobody ever answered
inline constexpr Nanos media_after_bye =
    milliseconds(500);                                    // of quiet that ends a call that is over
inline constexpr Nanos media_after_bye_max = seconds(5);  // who still sends then is not listened to
inline constexpr Nanos media_after_call = seconds(30);
inline constexpr Nanos refusal_wait =
    seconds(32);  // RFC 3261 17.1.1.2 timer D: a retry or another branch
inline constexpr Nanos clock_leap =
    hours(12);  // no packet for so long: the clock leapt, not the call
inline constexpr Nanos clock_back = seconds(2);

// Media in progress
inline constexpr Nanos hold_back =
    seconds(30);  // how long a stalled party is waited for: the whole call is there
inline constexpr Nanos reorder_wait = seconds(5);  // how long a missing packet is waited for
inline constexpr Nanos begin_wait = seconds(1);    // before a recording's first sample is fixed
inline constexpr Nanos emit_every = milliseconds(500);
inline constexpr Nanos emit_delay = milliseconds(250);  // what is younger is not written yet
inline constexpr Nanos origin_wait_max = seconds(2);    // the same on a jittery network
inline constexpr Nanos origin_wait =
    milliseconds(100);  // of arrivals looked at before a stretch's origin is fixed
inline constexpr std::size_t held_packets_max = 1'024;    // per SSRC
inline constexpr std::size_t streams_per_track_max = 64;  // at once; the oldest ends for another
inline constexpr std::size_t ended_streams_max = 4'096;   // whose sound is not yet written
inline constexpr std::size_t tracks_per_call_max = 8;     // FLAC has eight channels
inline constexpr std::int64_t unreadable_s_max =
    1;  // that a packet we cannot read is taken to last
inline constexpr std::uint32_t key_clock_hz_min = 8'000;  // RFC 4733 2.1; slower ones are made up
inline constexpr std::size_t gaps_per_track_max = 20'000;
inline constexpr std::size_t drops_per_call_max = 20'000;   // intervals in which we dropped
inline constexpr Nanos withheld_seam = seconds(1);          // so close, two counts are one
inline constexpr std::size_t drops_remembered_max = 4'096;  // of all calls, while they run
inline constexpr Nanos drops_seam = milliseconds(10);       // so close, two are one
inline constexpr std::size_t stray_packets_per_flow_max = 160;
inline constexpr std::size_t stray_flows_max = 2'048;

// Encrypted media
inline constexpr std::size_t srtp_mki_bytes_max = 128;          // RFC 4568 6.1
inline constexpr std::size_t srtp_keys_per_track_max = 64;      // described at any one time
inline constexpr std::size_t srtp_keys_per_line_max = 1'024;    // in the course of a call
inline constexpr std::size_t srtp_window_packets = 1'024;       // late by so many is still opened
inline constexpr std::size_t srtp_sessions_per_stream_max = 4;  // a key and its counter, in use
inline constexpr std::uint32_t srtp_rollovers_max = 16;  // tried where a capture begins in mid-call
inline constexpr std::uint64_t srtp_searches_in_a_row_max = 32;  // in vain; then one of so many

// Of a call's sound that waits for its MD5 to be taken with that of others: four minutes.
inline constexpr std::size_t sum_later_bytes_max = 8 * 1024 * 1024;

// Sockets of the SIPREC door: media
inline constexpr int media_receive_buffer_bytes = 256 * 1024;  // of each socket; the kernel doubles
inline constexpr std::size_t media_packets_per_read = 32;
inline constexpr std::size_t media_reads_per_sweep = 64;  // of one socket; then comes the next
inline constexpr Nanos media_sweep_every = milliseconds(20);
inline constexpr Nanos rtcp_sweep_every = milliseconds(500);
inline constexpr std::size_t media_free_pair_tries = 256;  // when any free pair of ports will do

// Sockets of the SIPREC door: SIP
inline constexpr std::size_t sip_datagram_bytes_max = 65'535;
inline constexpr int sip_receive_buffer_bytes = 4 * 1024 * 1024;  // of a UDP socket
inline constexpr std::size_t sip_datagrams_per_turn = 64;         // then others have theirs
inline constexpr std::size_t sip_connections_max = 4'096;
inline constexpr std::size_t sip_connections_per_address_max = 512;
inline constexpr std::size_t sip_output_bytes_max = 1024 * 1024;  // that a peer has not read
inline constexpr Nanos tls_handshake_wait = seconds(10);
inline constexpr Nanos sip_first_message_wait = seconds(32);  // of a connection that was opened
inline constexpr Nanos sip_idle_max = hours(4);           // a connection nobody says anything on
inline constexpr Nanos sip_keepalive_after = minutes(2);  // of quiet, then TCP asks
inline constexpr Nanos sip_keepalive_every = seconds(30);
inline constexpr int sip_keepalives_max = 4;              // unanswered; then the peer is gone
inline constexpr Nanos accept_pause = milliseconds(200);  // when there are no descriptors left

// HTTP
inline constexpr std::size_t http_connections_max = 1'024;  // without the event streams
inline constexpr std::size_t http_connections_per_address_max = 256;
inline constexpr std::size_t http_event_streams_max = 1'024;
inline constexpr std::size_t http_event_streams_per_address_max = 256;
inline constexpr std::size_t http_head_bytes_max = 8 * 1024;
inline constexpr std::size_t http_headers_max = 64;
inline constexpr std::size_t http_body_bytes_max = 64 * 1024;     // where no other limit is given
inline constexpr std::size_t http_body_bytes_per_s = 64 * 1024;   // on average, at least
inline constexpr std::size_t http_piece_bytes = 64 * 1024;        // of a stream, in memory
inline constexpr std::size_t http_events_bytes_max = 256 * 1024;  // that a client has not read
inline constexpr Nanos http_request_wait = seconds(10);           // for a request that has begun
inline constexpr Nanos http_answer_wait = minutes(5);             // for our own answer
inline constexpr Nanos http_stall_wait = seconds(30);             // for a client that reads nothing
inline constexpr Nanos http_events_every = seconds(15);  // at least a comment, on an event stream
inline constexpr Nanos http_idle_max = seconds(60);      // between two requests

// The journal
inline constexpr std::size_t journal_segment_bytes = 64 * 1024 * 1024;
inline constexpr std::size_t journal_block_bytes_max = 4 * 1024 * 1024;
inline constexpr std::size_t journal_chunk_bytes = 12 * 1024;   // of one call's packets, in memory
inline constexpr Nanos journal_chunk_wait = milliseconds(500);  // and for so long at the most
inline constexpr Nanos journal_sync_every = milliseconds(250);  // with the two before: under 1 s
// What may wait in memory for the disk: of a live line some seconds of many calls; of a capture
// file, which can wait itself, little.
inline constexpr std::size_t journal_pending_bytes_max = 256 * 1024 * 1024;
inline constexpr std::size_t journal_pending_bytes_of_a_file_max = 16 * 1024 * 1024;
inline constexpr std::size_t journal_segments_open_max = 64;  // while a call is read back
inline constexpr std::size_t seals_waiting_max = 4'096;       // before a capture file waits
inline constexpr Nanos call_longest = hours(31 * 24);  // what lies farther off is no packet of it
inline constexpr Nanos seal_retry_wait = seconds(10);

// Sound
inline constexpr std::uint32_t sample_rate_hz_min = 8'000;
inline constexpr std::uint32_t sample_rate_hz_max = 48'000;
inline constexpr std::size_t coded_frames_per_packet_max = 200;  // 2 s of G.729
inline constexpr std::size_t samples_per_packet_max = 131'072;   // what one payload may decode to
inline constexpr std::size_t flac_seek_points_max = 128;
inline constexpr std::size_t flac_tags_max = 1'024;
inline constexpr std::size_t flac_tag_bytes_max = 64 * 1024;

// The decode helper
inline constexpr std::size_t helper_decoders_max = 20'000;
inline constexpr std::size_t helper_memory_bytes_max = 1024 * 1024 * 1024;
inline constexpr std::size_t helper_codec_bytes_max = 2'048;  // a codec's name and fmtp
inline constexpr std::size_t helper_payload_bytes_max = 65'535;
inline constexpr std::size_t helper_restarts_in_a_row_max = 100;
inline constexpr std::size_t helper_deaths_per_decoder_max = 10;
inline constexpr Nanos helper_answer_wait = seconds(5);
inline constexpr Nanos child_end_wait = milliseconds(500);

// The window
inline constexpr std::size_t accounts_max = 10'000;
inline constexpr std::size_t people_max = 100'000;
inline constexpr std::size_t notes_of_a_recording_max = 1'000;
inline constexpr std::uint64_t notes_file_bytes_max = 64ULL * 1024 * 1024;
inline constexpr std::size_t photo_bytes_max = std::size_t{1} << 20;
inline constexpr std::size_t job_body_bytes_max = 512 * 1024;           // 10,000 ids
inline constexpr std::size_t import_piece_bytes_max = 8 * 1024 * 1024;  // of a file that is sent
inline constexpr std::size_t hook_body_bytes_max = 64 * 1024 * 1024;    // of a telephone's program
inline constexpr std::size_t tokens_of_an_account_max = 100;
inline constexpr std::size_t passkeys_of_an_account_max = 20;
inline constexpr std::size_t challenges_max = 2'000;
inline constexpr std::ptrdiff_t challenges_of_one_max = 20;
inline constexpr Nanos challenge_lasts = minutes(5);
inline constexpr std::size_t live_listeners_max = 64;
inline constexpr std::size_t live_packets_waiting_max = 20'000;
inline constexpr std::size_t webhooks_max = 100;
inline constexpr std::int64_t deliveries_waiting_max = 10'000;  // of a webhook
inline constexpr std::size_t http_posts_max = 32;               // under way at once
inline constexpr std::size_t tags_of_a_call_max = 50;
inline constexpr std::size_t albums_max = 10'000;
inline constexpr std::size_t calls_of_all_albums_max = 500'000;
inline constexpr std::size_t calls_of_an_album_max = 100'000;
inline constexpr std::uint64_t peaks_file_bytes_max = 1ULL << 30U;
inline constexpr std::size_t json_nesting_max = 16;
inline constexpr std::size_t secret_bytes = 20;  // 160 bits: nobody guesses them
inline constexpr Nanos session_unused_max = std::chrono::hours(24 * 30);
inline constexpr Nanos session_longest = std::chrono::hours(24 * 180);
inline constexpr Nanos session_noted_every = minutes(5);  // that it was used
inline constexpr std::uint32_t sign_in_free_tries = 5;
inline constexpr Nanos sign_in_wait_max = minutes(5);
inline constexpr std::size_t sign_in_keys_max = 10'000;  // names and addresses
inline constexpr Nanos denial_told_every = minutes(1);   // of one who asks again and again
inline constexpr std::size_t denials_remembered_max = 10'000;
inline constexpr std::size_t hearings_max = 10'000;  // at once
inline constexpr Nanos hearing_quiet = minutes(2);   // then it is over
inline constexpr std::size_t tickets_max = 10'000;   // of links that were opened
inline constexpr Nanos ticket_lasts = std::chrono::hours(12);
inline constexpr std::size_t site_files_max = 2'000;  // of the web application
inline constexpr std::uint64_t site_file_bytes_max = 16ULL * 1024 * 1024;
inline constexpr std::size_t work_waiting_max = 256;                         // jobs that take long
inline constexpr std::uint64_t custody_file_bytes_max = 4ULL * 1024 * 1024;  // then comes the next

// Archive and reports
inline constexpr std::size_t reported_recordings_max = 10'000;
inline constexpr std::uint64_t vcon_bytes_max = 64ULL * 1024 * 1024;
inline constexpr Nanos catalogue_wait = seconds(10);             // for another process that writes
inline constexpr std::size_t unlisted_remembered_max = 100'000;  // by their ids, to be tried again
inline constexpr std::size_t unlisted_per_turn = 64;  // then a call that waits has its turn
inline constexpr std::int64_t shared_marks_min = 4;   // by which two recordings hold the same media

}  // namespace nk::limits
