using System.Buffers.Binary;

namespace Sprig.Supervision;

/// <summary>How pool and worker talk: frames of a length (4 bytes, little endian) and so many bytes of UTF-8 JSON. A request is two
/// frames, its <see cref="WorkerRequest"/> and the input. The answer is an empty frame as soon as the work begins, then the
/// <see cref="WorkerReply"/> and, unless that is an error, the result.</summary>
internal static class Frame
{
    /// <summary>How long the JSON of a <see cref="WorkerRequest"/> or <see cref="WorkerReply"/> may be.</summary>
    internal const int MaxHeadBytes = 1024 * 1024;

    private const int LengthBytes = 4;

    /// <summary>The first that a worker says: what else comes was printed before, or it is no worker.</summary>
    internal static ReadOnlyMemory<byte> Hello { get; } = "sprig worker 1\n"u8.ToArray();

    /// <summary>That the work begins.</summary>
    internal static ReadOnlyMemory<byte> Empty { get; } = new byte[LengthBytes];

    /// <summary>Writes one or two.</summary>
    internal static async Task WriteAsync(Stream stream, byte[] head, byte[]? body, CancellationToken cancellationToken = default)
    {
        // One write for all but the body, which may be large.
        byte[] first = new byte[LengthBytes + head.Length + (body is null ? 0 : LengthBytes)];
        BinaryPrimitives.WriteInt32LittleEndian(first, head.Length);
        head.CopyTo(first.AsSpan(LengthBytes));
        if (body is not null)
            BinaryPrimitives.WriteInt32LittleEndian(first.AsSpan(LengthBytes + head.Length), body.Length);
        await stream.WriteAsync(first, cancellationToken);
        if (body is not null)
            await stream.WriteAsync(body, cancellationToken);
    }

    /// <summary>The next one's JSON; null at the end of the stream.</summary>
    /// <exception cref="EndOfStreamException">The stream ends within it.</exception>
    /// <exception cref="InvalidDataException">It is no frame, or too long.</exception>
    internal static async Task<byte[]?> ReadAsync(Stream stream, int limit, CancellationToken cancellationToken = default)
    {
        byte[] length = new byte[LengthBytes];
        int read = await stream.ReadAtLeastAsync(length, LengthBytes, throwOnEndOfStream: false, cancellationToken);
        if (read == 0)
            return null;
        byte[] json = Allocate(length.AsSpan(0, read), limit);
        await stream.ReadExactlyAsync(json, cancellationToken);
        return json;
    }

    /// <inheritdoc cref="ReadAsync"/>
    internal static byte[]? Read(Stream stream, int limit)
    {
        Span<byte> length = stackalloc byte[LengthBytes];
        int read = stream.ReadAtLeast(length, LengthBytes, throwOnEndOfStream: false);
        if (read == 0)
            return null;
        byte[] json = Allocate(length[..read], limit);
        stream.ReadExactly(json);
        return json;
    }

    private static byte[] Allocate(ReadOnlySpan<byte> length, int limit)
    {
        if (length.Length < LengthBytes)
            throw new EndOfStreamException();
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(length);
        return count <= limit ? new byte[count]
            : throw new InvalidDataException($"A message of {count} bytes, where {limit} are allowed: what came is no message.");
    }
}
