/* A static program with a C library that does nothing, carried in nsproof as a floor for starting programs. */
    .section .rodata
    .globl nsproof_static_program_begin
    .globl nsproof_static_program_end
    .balign 16
nsproof_static_program_begin:
    .incbin NSPROOF_STATIC_PROGRAM_PATH
nsproof_static_program_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
