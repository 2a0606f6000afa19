/* The style and the charts of the performance report, carried inside nsproof. */
    .section .rodata
    .globl nsproof_page_style_begin
    .globl nsproof_page_style_end
    .globl nsproof_page_charts_begin
    .globl nsproof_page_charts_end
nsproof_page_style_begin:
    .incbin NSPROOF_PAGE_STYLE
nsproof_page_style_end:
    .byte 0
nsproof_page_charts_begin:
    .incbin NSPROOF_PAGE_CHARTS
nsproof_page_charts_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
