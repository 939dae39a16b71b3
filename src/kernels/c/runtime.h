// What every kernel may know: where the linear memory is, where scratch lies, and how to split work.
// It must not know tfjs, tensors or models. Offsets in `args` are bytes from the start of the linear memory;
// offset 0 is never allocated and means "absent".
#ifndef AR_RUNTIME_H
#define AR_RUNTIME_H
#include <stddef.h>
#include <stdint.h>

typedef struct {
  uintptr_t heap;      // address of linear memory; 0 in wasm
  double *args;        // the command block: arguments of the running kernel
  uint32_t *progress;  // one cell, incremented per chunk of work, read by a watchdog
  float *packed;       // shared scratch: packed matrices, partial sums
  size_t packedFloats;
  float *scratch;      // one slice of scratchFloats per thread
  size_t scratchFloats;
  uint32_t threads;
} Runtime;

extern Runtime arRuntime;

// A kernel returns 0, or 1 + the position of the first input value that is out of range.
typedef int32_t (*Kernel)(const double *a);

static inline void *heapAt(double offset) {
  return (void *)(arRuntime.heap + (uintptr_t)offset);
}
static inline void *heapOrNull(double offset) {
  return offset == 0 ? NULL : heapAt(offset);
}
#define F32(i) ((float *)heapAt(a[i]))
#define F32_OR_NULL(i) ((float *)heapOrNull(a[i]))
#define I32(i) ((int32_t *)heapAt(a[i]))
#define U8(i) ((uint8_t *)heapAt(a[i]))
#define SIZE(i) ((size_t)a[i])
#define INT(i) ((int32_t)a[i])

static inline float *threadScratch(uint32_t thread) {
  return arRuntime.scratch + (size_t)thread * arRuntime.scratchFloats;
}

// Runs task(context, chunk, thread) for every chunk in [0, chunks), in any order and on any thread. What a chunk
// computes must not depend on the thread or on the number of threads: that is what makes results reproducible.
typedef void (*ChunkTask)(const void *context, uint32_t chunk, uint32_t thread);
void parallelFor(uint32_t chunks, ChunkTask task, const void *context);

// Elements one chunk of elementwise work takes: 64 KiB, a few microseconds.
#define CHUNK 16384

static inline size_t minSize(size_t x, size_t y) { return x < y ? x : y; }
static inline size_t maxSize(size_t x, size_t y) { return x > y ? x : y; }
static inline size_t ceilDiv(size_t x, size_t y) { return (x + y - 1) / y; }

#endif
