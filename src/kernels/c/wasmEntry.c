// What the wasm module exports. Memory is shared and imported, so offsets are addresses. JavaScript sets the stack
// pointer of each worker's instance before it calls work().
#include "ops.h"
#include "pool.h"

extern const Kernel arKernels[];

#define EXPORT(name) __attribute__((export_name(name)))

void platformSleep(uint32_t *cell, uint32_t expected) {
  __builtin_wasm_memory_atomic_wait32((int *)cell, (int)expected, -1);
}
void platformWake(uint32_t *cell) { __builtin_wasm_memory_atomic_notify((int *)cell, 0x7fffffff); }

// The caller sleeps on `done`, which changes with every chunk: a wait that returns early is harmless.
EXPORT("open")
void openRuntime(uint32_t args, uint32_t progress, uint32_t packed, uint32_t packedFloats, uint32_t scratch,
                 uint32_t scratchFloats, uint32_t threads) {
  arRuntime = (Runtime){.heap = 0, .args = (double *)args, .progress = (uint32_t *)progress, .packed = (float *)packed,
                        .packedFloats = packedFloats, .scratch = (float *)scratch, .scratchFloats = scratchFloats,
                        .threads = threads};
  poolReset();
}

EXPORT("run")
int32_t runKernel(uint32_t kernel) {
  __atomic_fetch_add(arRuntime.progress, 1, __ATOMIC_RELAXED);
  return arKernels[kernel](arRuntime.args);
}

EXPORT("work")
void work(uint32_t thread) { poolWork(thread); }

EXPORT("stop")
void stop(void) { poolStop(); }

EXPORT("ready")
uint32_t ready(void) { return __atomic_load_n(&poolReady, __ATOMIC_SEQ_CST); }
