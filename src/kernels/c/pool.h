// The thread pool behind parallelFor, the same for wasm and native; only sleeping and pausing differ.
// It must not know what a chunk computes.
#ifndef AR_POOL_H
#define AR_POOL_H
#include "runtime.h"

void poolWork(uint32_t thread); // a worker's whole life: returns after poolStop
void poolStop(void);
void poolReset(void);
extern uint32_t poolReady;      // workers that have started

// What the platform gives. platformSleep returns at once when *cell is no longer `expected`, and may wake early.
void platformSleep(uint32_t *cell, uint32_t expected);
void platformWake(uint32_t *cell);
static inline void platformPause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}
#endif
