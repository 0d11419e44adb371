namespace Sprig.Tests.IO.Framing;

/// <summary>A foreign stream that gives what it holds in pieces, and fails once at its end if it is to.</summary>
internal sealed class PieceStream(byte[] bytes, params int[] pieces) : MemoryStream(bytes)
{
    private int _reads;

    internal bool FailOnce { get; set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (FailOnce && Position == Length)
        {
            FailOnce = false;
            throw new IOException("failed once");
        }

        return base.ReadAsync(buffer[..Math.Min(pieces[_reads++ % pieces.Length], buffer.Length)], cancellationToken);
    }
}
