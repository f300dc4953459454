using System;
using System.IO;
using System.Text;

/// <summary>
/// The frames of the documented example: two bytes, big-endian, with the number of bytes that follow, then UTF-16LE
/// without a byte order mark.
/// </summary>
internal static class StreamString
{
  internal const string Greeting = "I am the one true server!";

  private const int MaxBytes = 0xFFFF;

  // Strict: half of a surrogate pair is an error, not a replacement character that would hide a cut text.
  private static readonly Encoding Utf16 = new UnicodeEncoding(false, false, true);

  /// <summary>Reads one frame; null when the peer closed the pipe before the first byte of it.</summary>
  internal static string Read(Stream stream)
  {
    byte[] header = new byte[2];
    int got = Fill(stream, header);
    if (got == 0)
    {
      return null;
    }
    if (got < header.Length)
    {
      throw new InvalidDataException("the pipe was closed within the length of a frame");
    }
    byte[] body = new byte[header[0] << 8 | header[1]];
    if (Fill(stream, body) < body.Length)
    {
      throw new InvalidDataException("the pipe was closed within a frame");
    }
    if (body.Length % 2 != 0)
    {
      throw new InvalidDataException("a frame of " + body.Length + " bytes is no UTF-16 text");
    }
    try
    {
      return Utf16.GetString(body);
    }
    catch (DecoderFallbackException e)
    {
      throw new InvalidDataException("a frame is no valid UTF-16 text", e);
    }
  }

  /// <summary>Writes one frame. A text that does not fit is refused: a cut text would look like a whole one.</summary>
  internal static void Write(Stream stream, string text)
  {
    int length = Utf16.GetByteCount(text);
    if (length > MaxBytes)
    {
      throw new InvalidDataException("a text of " + length + " bytes does not fit a frame of " + MaxBytes);
    }
    byte[] frame = new byte[2 + length];
    frame[0] = (byte) (length >> 8);
    frame[1] = (byte) length;
    Utf16.GetBytes(text, 0, text.Length, frame, 2);
    stream.Write(frame, 0, frame.Length);
    stream.Flush();
  }

  // One Read may return less than was asked for, so the buffer is filled in a loop.
  private static int Fill(Stream stream, byte[] buffer)
  {
    int filled = 0;
    while (filled < buffer.Length)
    {
      int count;
      try
      {
        count = stream.Read(buffer, filled, buffer.Length - filled);
      }
      catch (IOException)
      {
        // A reset is one more way to close. What counts is whether it came within a frame.
        count = 0;
      }
      if (count == 0)
      {
        break;
      }
      filled += count;
    }
    return filled;
  }
}
