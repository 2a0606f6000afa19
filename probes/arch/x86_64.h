// x86-64: entry point, raw system calls (syscall(2)) and the clone stub of the probe.
// The only assembly of the project for this machine.
#pragma once

#include <asm/unistd.h>

extern "C" {

inline long raw_syscall(unsigned long number, unsigned long a, unsigned long b, unsigned long c, unsigned long d,
                        unsigned long e, unsigned long f) {
  long result = 0;
  register unsigned long r10 asm("r10") = d;
  register unsigned long r8 asm("r8") = e;
  register unsigned long r9 asm("r9") = f;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
}

// Makes the call (fork, clone, clone3: at most five arguments); in the child, on whatever stack it has, calls
// entry(start).
long clone_syscall(unsigned long number, const unsigned long* args, void (*entry)(void*), void* start);
void probe_handler(int);
void probe_restorer();
}

asm(R"(
.text
.globl _start
_start:
  xor %ebp, %ebp
  mov %rsp, %rdi
  and $-16, %rsp
  call probe_main
  hlt

.globl clone_syscall
clone_syscall:
  push %r12
  push %r13
  mov %rdx, %r12
  mov %rcx, %r13
  mov %rdi, %rax
  mov %rsi, %r11
  mov 0(%r11), %rdi
  mov 8(%r11), %rsi
  mov 16(%r11), %rdx
  mov 24(%r11), %r10
  mov 32(%r11), %r8
  syscall
  test %rax, %rax
  jnz 1f
  xor %ebp, %ebp
  and $-16, %rsp
  mov %r13, %rdi
  call *%r12
  hlt
1:
  pop %r13
  pop %r12
  ret

.globl probe_handler
probe_handler:
  ret

.globl probe_restorer
probe_restorer:
  mov $15, %eax
  syscall
)");
