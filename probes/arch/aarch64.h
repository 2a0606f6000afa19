// AArch64: entry point, raw system calls (syscall(2)) and the clone stub of the probe.
// The only assembly of the project for this machine.
#pragma once

#include <asm/unistd.h>

extern "C" {

inline long raw_syscall(unsigned long number, unsigned long a, unsigned long b, unsigned long c, unsigned long d,
                        unsigned long e, unsigned long f) {
  register unsigned long x8 asm("x8") = number;
  register unsigned long x0 asm("x0") = a;
  register unsigned long x1 asm("x1") = b;
  register unsigned long x2 asm("x2") = c;
  register unsigned long x3 asm("x3") = d;
  register unsigned long x4 asm("x4") = e;
  register unsigned long x5 asm("x5") = f;
  asm volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory", "cc");
  return static_cast<long>(x0);
}

// Makes the call (clone, clone3: at most five arguments); in the child, on whatever stack it has, calls entry(start).
long clone_syscall(unsigned long number, const unsigned long* args, void (*entry)(void*), void* start);
void probe_handler(int);
void probe_restorer();
}

asm(R"(
.text
.globl _start
_start:
  mov x29, #0
  mov x30, #0
  mov x0, sp
  bl probe_main
  brk #0

.globl clone_syscall
clone_syscall:
  stp x19, x20, [sp, #-16]!
  mov x19, x2
  mov x20, x3
  mov x8, x0
  mov x9, x1
  ldp x0, x1, [x9]
  ldp x2, x3, [x9, #16]
  ldr x4, [x9, #32]
  svc 0
  cbnz x0, 1f
  mov x29, #0
  mov x0, x20
  blr x19
  brk #0
1:
  ldp x19, x20, [sp], #16
  ret

.globl probe_handler
probe_handler:
  ret

.globl probe_restorer
probe_restorer:
  mov x8, #139
  svc 0
)");
