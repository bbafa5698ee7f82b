/// Pixel loops compiled twice, for every x86-64 and for those with AVX2; the right one is chosen when the program
/// starts.
#pragma once

// Sanitizers cannot instrument what runs to choose, before they are set up themselves.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
#define KORRIGO_WIDE [[gnu::target_clones("avx2", "default")]]
#else
#define KORRIGO_WIDE
#endif
