#pragma once
// NK_CPU_CLONES before a function: it is compiled twice, also for processors of the last ten years
// (x86-64-v3: AVX2, BMI2), and the program takes what the processor has when it starts. Other
// compilers and processors, and the sanitizers, compile it once.

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define NK_CPU_CLONES __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define NK_CPU_CLONES
#endif
