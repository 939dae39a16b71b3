// The native addon: the same kernels for several instruction sets, a pthread pool, four functions for Node and the
// names of the kernels in order, by which an addon of another build is told apart before a number calls the wrong one.
// One linear memory at a time per process: open() refuses a second one until close().
#include <node_api.h>
#include <pthread.h>
#include <string.h>
#include "ops.h"
#include "pool.h"

#define MAX_THREADS 256

#if defined(__x86_64__)
extern const Kernel arKernelsAvx512[], arKernelsAvx2[];
#endif
extern const Kernel arKernelsBaseline[];

static const Kernel *table;
static pthread_t workers[MAX_THREADS];
static uint32_t workerCount;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

// Whoever changes the cell calls platformWake afterwards, so checking under the lock misses nothing.
void platformSleep(uint32_t *cell, uint32_t expected) {
  pthread_mutex_lock(&lock);
  if (__atomic_load_n(cell, __ATOMIC_SEQ_CST) == expected) pthread_cond_wait(&changed, &lock);
  pthread_mutex_unlock(&lock);
}
void platformWake(uint32_t *cell) {
  (void)cell;
  pthread_mutex_lock(&lock);
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
}

static void *workerMain(void *thread) {
  poolWork((uint32_t)(uintptr_t)thread);
  return NULL;
}

static const Kernel *tableNamed(const char *name) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const int avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                     __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  if (strcmp(name, "avx512") == 0) return avx512 ? arKernelsAvx512 : NULL;
  if (strcmp(name, "avx2") == 0) return avx2 ? arKernelsAvx2 : NULL;
#elif defined(__ARM_NEON)
  if (strcmp(name, "neon") == 0) return arKernelsBaseline;
  return NULL;
#endif
  return strcmp(name, "baseline") == 0 ? arKernelsBaseline : NULL;
}

static napi_value fail(napi_env env, const char *message) {
  napi_throw_error(env, NULL, message);
  return NULL;
}

static void stringArgument(napi_env env, napi_value value, char name[16]) {
  size_t length;
  if (napi_get_value_string_utf8(env, value, name, 16, &length) != napi_ok) name[0] = 0;
}

// supports(name): whether this processor runs that instruction set
static napi_value supports(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument, result;
  char name[16];
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  stringArgument(env, argument, name);
  napi_get_boolean(env, tableNamed(name) != NULL, &result);
  return result;
}

static void closePool(void *unused) {
  (void)unused;
  if (!table) return;
  poolStop();
  for (uint32_t i = 0; i < workerCount; i++) pthread_join(workers[i], NULL);
  workerCount = 0;
  table = NULL;
}

// open(name, bytes of the linear memory, args, progress, packed, packedFloats, scratch, scratchFloats, threads)
static napi_value openRuntime(napi_env env, napi_callback_info info) {
  size_t count = 9;
  napi_value values[9];
  char name[16];
  void *base = NULL;
  double numbers[9] = {0};
  napi_get_cb_info(env, info, &count, values, NULL, NULL);
  if (count != 9) return fail(env, "open: expected 9 arguments");
  if (table) return fail(env, "open: expected no open memory, got one: another thread of this process has it");
  stringArgument(env, values[0], name);
  const Kernel *wanted = tableNamed(name);
  if (!wanted) return fail(env, "open: this processor does not run that instruction set");
  if (napi_get_typedarray_info(env, values[1], NULL, NULL, &base, NULL, NULL) != napi_ok || !base)
    return fail(env, "open: expected the bytes of the linear memory");
  for (size_t i = 2; i < 9; i++) napi_get_value_double(env, values[i], &numbers[i]);
  const uintptr_t heap = (uintptr_t)base;
  arRuntime = (Runtime){.heap = heap, .args = (double *)(heap + (size_t)numbers[2]),
                        .progress = (uint32_t *)(heap + (size_t)numbers[3]), .packed = (float *)(heap + (size_t)numbers[4]),
                        .packedFloats = (size_t)numbers[5], .scratch = (float *)(heap + (size_t)numbers[6]),
                        .scratchFloats = (size_t)numbers[7], .threads = (uint32_t)numbers[8]};
  if (arRuntime.threads < 1 || arRuntime.threads > MAX_THREADS) return fail(env, "open: expected 1 to 256 threads");
  poolReset();
  workerCount = 0;
  for (uint32_t i = 1; i < arRuntime.threads; i++) {
    if (pthread_create(&workers[workerCount], NULL, workerMain, (void *)(uintptr_t)i) != 0) break;
    workerCount++;
  }
  arRuntime.threads = workerCount + 1;
  table = wanted;
  napi_add_env_cleanup_hook(env, closePool, NULL); // the workers end before the memory goes
  napi_value result;
  napi_create_uint32(env, arRuntime.threads, &result);
  return result;
}

static napi_value runKernel(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument, result;
  uint32_t kernel;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (!table || napi_get_value_uint32(env, argument, &kernel) != napi_ok) return fail(env, "run: expected an open memory and a number");
  __atomic_fetch_add(arRuntime.progress, 1, __ATOMIC_RELAXED);
  const int32_t status = table[kernel](arRuntime.args);
  napi_create_int32(env, status, &result);
  return result;
}

static napi_value closeRuntime(napi_env env, napi_callback_info info) {
  (void)info;
  if (!table) return NULL;
  napi_remove_env_cleanup_hook(env, closePool, NULL);
  closePool(NULL);
  return NULL;
}

#define NAME_OF(kernel) #kernel " "
static const char kernelNames[] = KERNEL_LIST(NAME_OF);

NAPI_MODULE_INIT() {
  napi_value names;
  napi_create_string_utf8(env, kernelNames, sizeof kernelNames - 2, &names); // without the last space
  const napi_property_descriptor properties[] = {
      {"supports", NULL, supports, NULL, NULL, NULL, napi_enumerable, NULL},
      {"open", NULL, openRuntime, NULL, NULL, NULL, napi_enumerable, NULL},
      {"run", NULL, runKernel, NULL, NULL, NULL, napi_enumerable, NULL},
      {"close", NULL, closeRuntime, NULL, NULL, NULL, napi_enumerable, NULL},
      {"kernels", NULL, NULL, NULL, NULL, names, napi_enumerable, NULL},
  };
  napi_define_properties(env, exports, sizeof properties / sizeof properties[0], properties);
  return exports;
}
