/** The eagle: the mark of the house. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path d="M1 8c6 .3 10.3 2.6 15 9.200C20.7 10.6 25 8.3 31 8c-1.8 7-6 11.2-11.2 12.300L16 28l-3.8-7.700C7 19.2 2.8 15 1 8z" />
    </svg>
  );
}
