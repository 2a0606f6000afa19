/* The probe, carried inside the harness. */
    .section .rodata
    .globl nsproof_probe_begin
    .globl nsproof_probe_end
    .balign 16
nsproof_probe_begin:
    .incbin NSPROOF_PROBE_PATH
nsproof_probe_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
