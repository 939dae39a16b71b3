// One job at a time. A ticket packs the job's number with how many of its chunks are still to be taken, so that
// taking a chunk is one compare-and-swap, and a worker that wakes late cannot take a chunk of a job it did not see:
// after a successful swap the job is certainly unfinished and its fields are stable.
#include "pool.h"

Runtime arRuntime;
uint32_t poolReady;

static struct {
  _Alignas(64) uint64_t ticket; // job << 32 | chunks left
  _Alignas(64) uint32_t done;   // chunks finished
  _Alignas(64) uint32_t wake;   // incremented per job, slept upon
  uint32_t sleepers, callerSleeps, stopping;
  ChunkTask task;
  const void *context;
  uint32_t chunks;
} pool;

#define LOAD(x) __atomic_load_n(&(x), __ATOMIC_SEQ_CST)
#define ADD(x, y) __atomic_fetch_add(&(x), y, __ATOMIC_SEQ_CST)

// About 50 µs: longer than the gap between two kernels, shorter than anyone notices.
#if defined(__wasm__)
#define SPINS 20000
#else
#define SPINS 2000
#endif

static void beat(void) { __atomic_fetch_add(arRuntime.progress, 1, __ATOMIC_RELAXED); }

// Takes and runs chunks of the current job until none is left.
static void takeChunks(uint32_t thread) {
  for (;;) {
    uint64_t ticket = LOAD(pool.ticket);
    const uint32_t left = (uint32_t)ticket;
    if (left == 0) return;
    if (!__atomic_compare_exchange_n(&pool.ticket, &ticket, ticket - 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) continue;
    const uint32_t chunks = pool.chunks;
    pool.task(pool.context, chunks - left, thread);
    beat();
    if (ADD(pool.done, 1) + 1 == chunks && LOAD(pool.callerSleeps)) platformWake(&pool.done);
  }
}

void poolWork(uint32_t thread) {
  ADD(poolReady, 1);
  while (!LOAD(pool.stopping)) {
    const uint32_t seen = LOAD(pool.wake);
    takeChunks(thread);
    for (int i = 0; i < SPINS && LOAD(pool.wake) == seen; i++) platformPause();
    if (LOAD(pool.wake) != seen) continue;
    ADD(pool.sleepers, 1);
    platformSleep(&pool.wake, seen);
    ADD(pool.sleepers, (uint32_t)-1);
  }
  ADD(poolReady, (uint32_t)-1);
}

void poolStop(void) {
  __atomic_store_n(&pool.stopping, 1, __ATOMIC_SEQ_CST);
  ADD(pool.wake, 1);
  platformWake(&pool.wake);
}

void poolReset(void) {
  pool.stopping = 0;
  pool.ticket = 0;
  pool.sleepers = 0;
}

void parallelFor(uint32_t chunks, ChunkTask task, const void *context) {
  if (chunks <= 1 || arRuntime.threads == 1) {
    for (uint32_t chunk = 0; chunk < chunks; chunk++) {
      task(context, chunk, 0);
      beat();
    }
    return;
  }
  pool.task = task;
  pool.context = context;
  pool.chunks = chunks;
  __atomic_store_n(&pool.done, 0, __ATOMIC_SEQ_CST);
  const uint64_t job = (LOAD(pool.ticket) >> 32) + 1;
  __atomic_store_n(&pool.ticket, job << 32 | chunks, __ATOMIC_SEQ_CST);
  ADD(pool.wake, 1);
  if (LOAD(pool.sleepers)) platformWake(&pool.wake);
  takeChunks(0);
  uint32_t done;
  for (int i = 0; (done = LOAD(pool.done)) != chunks; i++) {
    if (i < SPINS) {
      platformPause();
      continue;
    }
    __atomic_store_n(&pool.callerSleeps, 1, __ATOMIC_SEQ_CST);
    if ((done = LOAD(pool.done)) != chunks) platformSleep(&pool.done, done);
    __atomic_store_n(&pool.callerSleeps, 0, __ATOMIC_SEQ_CST);
  }
}
