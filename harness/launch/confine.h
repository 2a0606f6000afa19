// Confines the program that a fresh child is about to become. User-Mode Linux needs it: its processes are children that
// it traces, and when it is killed they go on by themselves, with their system calls made on the machine.
#pragma once

namespace nsproof {

// To be called in a child between fork(2) and execve(2). Returns in the process that is to execute the program, with 0;
// two more processes then stand between it and the harness: one that waits outside the new pid namespace, and the
// namespace's init, whose death ends everything inside before a tracer's death can set a tracee free. All of it ends
// with the calling thread's parent. On failure returns errno in the caller.
int confine_child();

}  // namespace nsproof
